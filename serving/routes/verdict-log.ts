import { parseTime, parseTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'
import { SeriesQuery, VerdictsQuery } from '../api/requests.ts'
import { Equity, VerdictPage } from '../api/schemas.ts'
import { limits } from '../app/limits.ts'
import type { AppOptions } from '../app/app-options.ts'
import { answers, type ServiceApp } from '../app/route.ts'
import type { GivenVerdict } from '../ports.ts'
import { isoTime } from './iso-time.ts'
import { seriesOf } from './series-of.ts'
import { verdictFields } from './verdict-text.ts'

const reads = { config: { scope: 'read' }, handlerTimeout: limits.handlerMs } as const

/** `GET /v1/verdicts` and `GET /v1/equity`: what was said, and what came of it. */
export function addVerdictLogRoutes(app: ServiceApp, { parts }: AppOptions): void {
  const { equity, log } = parts

  app.get(
    '/v1/verdicts',
    {
      ...reads,
      schema: {
        tags: ['verdicts'],
        summary: 'The prediction log, newest first',
        operationId: 'listVerdicts',
        querystring: VerdictsQuery,
        response: answers(VerdictPage),
      },
    },
    async (request) => {
      const { symbol, timeframe, from, to, cursor, limit = 100 } = request.query
      const items = await log.page({
        limit,
        ...(symbol === undefined ? {} : { symbol }),
        ...(timeframe === undefined ? {} : { widthMs: parseTimeframe(timeframe) }),
        ...(from === undefined ? {} : { from: timeOf('from', from) }),
        ...(to === undefined ? {} : { to: timeOf('to', to) }),
        ...(cursor === undefined ? {} : { before: cursor }),
      })
      const nextCursor = items.length === limit ? String(items.at(-1)!.id) : null
      return { items: items.map(loggedVerdict), nextCursor }
    },
  )

  app.get(
    '/v1/equity',
    {
      ...reads,
      schema: {
        tags: ['verdicts'],
        summary: 'Following the logged verdicts after fees, beside buy-and-hold',
        operationId: 'getEquity',
        querystring: SeriesQuery,
        response: answers(Equity),
      },
    },
    async (request) => {
      const { points, feesBps } = await equity.curve(seriesOf(request.query, parts))
      return { points: points.map((point) => ({ ...point, time: isoTime(point.time) })), feesBps }
    },
  )
}

function loggedVerdict(given: GivenVerdict) {
  return { id: given.id, ...verdictFields(given), computedAt: isoTime(given.at) }
}

function timeOf(name: string, text: string): number {
  const ms = parseTime(text)
  if (ms === null)
    throw new BullpenError('REQUEST_INVALID', { reason: `querystring.${name}: an ISO 8601 time is expected` })
  return ms
}
