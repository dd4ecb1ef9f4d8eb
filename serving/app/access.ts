import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import { BullpenError } from '#core/errors'
import { keyScopes, type KeyScope } from '#core/registry'
import type { KeyDesk, KeyHolder } from '../keys/index.ts'
import { limits } from './limits.ts'
import { addRouteHook } from './route-hooks.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key needs for this route; `open`: no key is looked at. Every route says so. */
    scope?: KeyScope | 'open'
    /** Answers under overload too. */
    alwaysAnswers?: boolean
    /** Not counted by the limit of requests: a probe must not be refused because of it. */
    uncounted?: boolean
  }
  interface FastifyRequest {
    /** Whose key the request carries; null without one. */
    holder: KeyHolder | null
  }
}

/**
 * Lets a request pass that may: by its key's scope, or without a key where reading is anonymous. A key that is given
 * must be right even then. Runs before a body is read.
 */
export function guardAccess(app: FastifyInstance, desk: KeyDesk, anonymousRead: boolean): void {
  const wrongKeys = app.createRateLimit({
    max: limits.wrongKeysPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => `wrong keys of ${request.ip}`,
  })

  app.addHook('onRoute', (route) => {
    const { config, path } = route
    if (path.startsWith('/v1') && config?.scope === undefined)
      throw new Error(`route ${path} does not say what scope it needs`)
    const scope = config?.scope ?? 'open'
    if (scope !== 'open') addRouteHook(route, 'onRequest', guardOf(scope))
  })

  function guardOf(scope: KeyScope): onRequestHookHandler {
    const needsKey = !anonymousRead || scope !== 'read'
    return (request, _, done) => {
      const { authorization } = request.headers
      if (authorization === undefined && !needsKey) {
        done()
        return
      }
      admit(request, authorization, scope).then(() => {
        done()
      }, done)
    }
  }

  async function admit(request: FastifyRequest, authorization: string | undefined, scope: KeyScope): Promise<void> {
    if (authorization === undefined) throw new BullpenError('KEY_NEEDED', { scope })
    const text = /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? ''
    const holder = await identify(text, request)
    if (keyScopes.indexOf(holder.scope) < keyScopes.indexOf(scope)) throw new BullpenError('SCOPE_MISSING', { scope })
    request.holder = holder
  }

  /** Refusals are counted by address, so that guessing neither succeeds nor keeps the store busy. */
  async function identify(text: string, request: FastifyRequest): Promise<KeyHolder> {
    try {
      const known = desk.recall(text)
      if (known !== undefined) return known
      const guesses = await wrongKeys(request, { increment: false })
      if (!guesses.isAllowed && guesses.isExceeded) {
        throw new BullpenError('RATE_LIMITED', { limit: limits.wrongKeysPerMinute, seconds: 60 })
      }
      return await desk.ask(text)
    } catch (error) {
      if (error instanceof BullpenError && error.code === 'KEY_REFUSED') await wrongKeys(request)
      throw error
    }
  }
}
