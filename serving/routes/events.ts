import type { OutgoingHttpHeaders } from 'node:http'
import type { AppOptions } from '../app/app-options.ts'
import { answersText, type ServiceApp } from '../app/route.ts'
import { EventStreams } from './event-streams.ts'

/** `GET /v1/events`. Answers the streams, which end when the service closes. */
export function addEventRoute(app: ServiceApp, { parts, metrics }: AppOptions): EventStreams {
  const streams = new EventStreams(parts.events)
  // Before the server waits for requests under way: a stream would never end.
  app.addHook('preClose', (done) => {
    streams.close()
    done()
  })
  app.get(
    '/v1/events',
    {
      config: { scope: 'read' },
      exposeHeadRoute: false,
      schema: {
        tags: ['service'],
        summary: 'Server-sent events: verdict, model, model-refused, rollback, stale, drift',
        operationId: 'followEvents',
        response: answersText(
          'text/event-stream',
          'Goes on until the client leaves. Last-Event-ID asks for what was missed.',
        ),
      },
    },
    (request, reply) => {
      streams.requireRoom()
      const lastId = request.headers['last-event-id']
      reply.hijack()
      metrics.streaming('/v1/events')
      streams.add(
        reply.raw,
        reply.getHeaders() as OutgoingHttpHeaders,
        typeof lastId === 'string' ? lastId.slice(0, 100) : undefined,
      )
    },
  )
  return streams
}
