import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { withSpan } from '#platform/telemetry'

type Handler = (this: unknown, request: FastifyRequest, reply: FastifyReply) => unknown

/** Records a span for every request of the routes that are added after it. */
export function traceRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', (route: RouteOptions) => {
    const handler = route.handler as Handler
    const name = `${[route.method].flat()[0]!} ${route.url}`
    const traced: Handler = function (this: unknown, request, reply) {
      const attributes = { 'http.route': route.url, 'bullpen.request': request.id }
      return withSpan(name, attributes, () => Promise.resolve(handler.call(this, request, reply)))
    }
    route.handler = traced
  })
}
