import fastify, { type FastifyInstance } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { BullpenError, errorTable } from '#core/errors'
import { KeyDesk } from '../keys/index.ts'
import { addRoutes } from '../routes/index.ts'
import { guardAccess } from './access.ts'
import type { AppOptions } from './app-options.ts'
import { answerClientError } from './client-errors.ts'
import { bullpenErrorOf } from './failures.ts'
import { addGuards, limitRates } from './guards.ts'
import { knownQueries } from './known-queries.ts'
import { limits } from './limits.ts'
import { describeApi } from './openapi.ts'
import { sendProblem } from './problem.ts'
import { requestIds } from './request-ids.ts'
import type { ServiceApp } from './route.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { traceRoutes } from './traced-routes.ts'
import { validatorCompiler } from './validation.ts'

/** The service over HTTP: every route, guard and limit. Does not listen yet. */
export async function makeApp(options: AppOptions): Promise<FastifyInstance> {
  const { parts, settings, metrics } = options
  const app = bareApp(options)
  // Hooks run in the order they are added here; routes have those that were added before them.
  await setSecurityHeaders(app)
  metrics.watch(app)
  if (settings.tracing) traceRoutes(app)
  await addGuards(app, settings)
  guardAccess(app, new KeyDesk({ keys: parts.keys, now: parts.now }), settings.anonymousRead)
  if (settings.ratePerMinute !== null) limitRates(app, settings.ratePerMinute)
  await describeApi(app, settings.version)
  addRoutes(app, options)
  if (options.pages) await app.register(options.pages)
  return app
}

function bareApp({ settings, metrics, logger }: AppOptions): ServiceApp {
  const makeId = requestIds()
  const app = fastify({
    // Fastify's own log would carry headers, and with them keys.
    logger: false,
    genReqId: (request) => makeId(request),
    bodyLimit: limits.smallBodyBytes,
    requestTimeout: settings.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: Math.min(limits.headersMs, settings.requestMs),
      connectionsCheckingInterval: Math.min(1000, settings.requestMs),
    },
    routerOptions: { maxParamLength: limits.pathPart, querystringParser: knownQueries() },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      sendProblem(bullpenErrorOf(error, request), request, reply)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.decorateRequest('holder', null)
  app.server.maxConnections = limits.connections
  app.setValidatorCompiler(validatorCompiler)
  app.setErrorHandler((thrown, request, reply) => {
    const error = bullpenErrorOf(thrown, request)
    if (error.code === 'INTERNAL') logger.error('a request failed', { request: request.id, error: thrown })
    return sendProblem(error, request, reply)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!.slice(0, 200)
    const error = nothingAt(app, request.method, path)
    metrics.unrouted(errorTable[error.code].http)
    return sendProblem(error, request, reply)
  })
  return app
}

/** 405 where another method is answered, 404 elsewhere. */
function nothingAt(app: ServiceApp, method: string, path: string): BullpenError {
  const isKnown = (['GET', 'POST'] as const).some((other) => app.findRoute({ method: other, url: path }) !== null)
  return isKnown
    ? new BullpenError('METHOD_NOT_ALLOWED', { method, path })
    : new BullpenError('ROUTE_NOT_FOUND', { path })
}
