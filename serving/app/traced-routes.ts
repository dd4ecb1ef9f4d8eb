import type { FastifyInstance } from 'fastify'
import { withRequestSpan } from '#platform/telemetry'

/** Records a span for every request that reaches its handler, of the routes that are added after it. */
export function traceRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { handler, url } = route
    const name = `${[route.method].flat()[0]!} ${url}`
    const attributes = { 'http.route': url }
    route.handler = function (request, reply) {
      return withRequestSpan(name, request, attributes, () => Promise.resolve(handler.call(this, request, reply)))
    }
  })
}
