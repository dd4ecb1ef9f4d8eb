import { isIP, type AddressInfo } from 'node:net'
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import { asBullpenError, BullpenError } from '#core/errors'
import { addAdminRoutes } from './admin-routes.ts'
import type { AdminSources } from './admin-sources.ts'
import { authorizer } from './authorize.ts'
import { sendProblem } from './problem.ts'

export interface AdminPortOptions {
  /** Where to listen; loopback unless told. */
  readonly host?: string
  /** 0: any free port. */
  readonly port: number
  /** What every request must carry, on loopback too: other users of the machine reach that as well. */
  readonly token: string
  readonly sources: AdminSources
  /** Told in one line when the port can be reached from other machines. */
  readonly onNote: (text: string) => void
  /** How long a page waits for one part (PostgreSQL, Redis), ms; 2000 unless told. */
  readonly partTimeoutMs?: number
}

/** Pages for people and scrapers, until closed. */
export interface AdminPort {
  readonly url: string
  /** Ends open requests and lets go of the port. Idempotent. */
  close(): Promise<void>
}

/** Limit of one request from its first byte to the end of its answer, ms. */
const requestTimeoutMs = 15_000

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Opens the admin port. Throws ADDRESS_UNAVAILABLE. */
export async function openAdminPort(options: AdminPortOptions): Promise<AdminPort> {
  const { host = '127.0.0.1', port, token, sources, onNote, partTimeoutMs = 2000 } = options
  const app = fastify({
    // No log: it would carry headers, and with them the token.
    logger: false,
    bodyLimit: 1024,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: 2 * requestTimeoutMs,
    handlerTimeout: requestTimeoutMs,
    keepAliveTimeout: 5000,
    forceCloseConnections: true,
    http: { maxHeaderSize: 8192, headersTimeout: 5000 },
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (error, _, reply) => {
      answerFailure(error, reply)
    },
  })
  guard(app, token)
  app.setErrorHandler((error: FastifyError, _, reply) => answerFailure(error, reply))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new BullpenError('PAGE_NOT_FOUND', { path: request.url.slice(0, 200) })),
  )
  try {
    await addAdminRoutes(app, sources, partTimeoutMs)
    app.server.maxConnections = 64
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    const { message } = error as Error
    throw new BullpenError('ADDRESS_UNAVAILABLE', { address: `${host}:${port}`, reason: message }, { cause: error })
  }
  const url = urlOf(app.server.address() as AddressInfo)
  if (!isLoopback(host))
    onNote(`admin port: ${url} can be reached from other machines, in clear text; its token protects it`)
  return { url, close: () => app.close() }
}

/** Every request passes here first, whatever it asks for: pages, assets of the board, things that do not exist. */
function guard(app: FastifyInstance, token: string): void {
  const isAuthorized = authorizer(token)
  app.addHook('onRequest', (request, reply, next) => {
    void reply.headers(headers)
    if (!isAuthorized(request.headers.authorization)) sendProblem(reply, new BullpenError('UNAUTHORIZED'))
    else if (request.method === 'GET' || request.method === 'HEAD') next()
    else sendProblem(reply, new BullpenError('READ_ONLY', { method: request.method }))
  })
}

/** Fastify's own refusals become codes of the table; anything unforeseen says no more than that. */
function answerFailure(error: FastifyError | Error, reply: FastifyReply): FastifyReply {
  const { statusCode = 500, code } = error as Partial<FastifyError>
  if (code === 'FST_ERR_HANDLER_TIMEOUT') {
    return sendProblem(reply, new BullpenError('SERVICE_SLOW', { seconds: requestTimeoutMs / 1000 }))
  }
  if (error instanceof BullpenError) return sendProblem(reply, asBullpenError(error))
  if (statusCode < 500) return sendProblem(reply, new BullpenError('REQUEST_INVALID', { reason: error.message }))
  return sendProblem(reply, new BullpenError('INTERNAL', { reason: 'see what the coordinator says' }))
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
