import type { FastifyInstance } from 'fastify'
import { withSpan } from '#platform/telemetry'

/** Records a span for every request of the routes that are added after it. */
export function traceRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { handler, url } = route
    const name = `${[route.method].flat()[0]!} ${url}`
    route.handler = function (request, reply) {
      const attributes = { 'http.route': url, 'bullpen.request': request.id }
      return withSpan(name, attributes, () => Promise.resolve(handler.call(this, request, reply)))
    }
  })
}
