import type { FastifyReply } from 'fastify'
import type { AppOptions } from '../app/app-options.ts'
import { answersText, type ServiceApp } from '../app/route.ts'
import type { ServiceFigures } from '../metrics/index.ts'
import { freshnessOf } from '../verdicts/staleness-watch.ts'
import type { EventStreams } from './event-streams.ts'
import { readinessOf } from './readiness.ts'
import { seriesName } from './series-of.ts'
import { seriesStates } from './series-states.ts'

/** `GET /metrics`. */
export function addMetricsRoute(app: ServiceApp, options: AppOptions, streams: EventStreams): void {
  const { metrics } = options
  app.get(
    '/metrics',
    {
      config: { scope: 'read', alwaysAnswers: true, uncounted: true },
      schema: {
        tags: ['service'],
        summary: 'For Prometheus',
        operationId: 'getMetrics',
        response: answersText('text/plain', 'Text of the Prometheus exposition format.'),
      },
    },
    async (_, reply) => {
      const text = await metrics.text(figuresOf(options, streams))
      return (reply as FastifyReply).type(metrics.contentType).send(text)
    },
  )
}

function figuresOf({ parts, settings, state }: AppOptions, streams: EventStreams): ServiceFigures {
  const now = parts.now()
  return {
    series: seriesStates(parts).map(({ key, newestOpenTime, stale, model }) => ({
      name: seriesName(key),
      version: model?.version ?? null,
      modelAgeMs: model === null ? null : now - model.since,
      dataAgeMs: newestOpenTime === null ? null : freshnessOf(newestOpenTime, key.widthMs, now).dataAgeMs,
      stale,
      demoted: model !== null && parts.demotions.of(model.version, key) !== undefined,
    })),
    listeners: streams.size,
    isReady: !('reason' in readinessOf(parts, settings, state)),
  }
}
