import { parseTimeframe, toCandles } from '#core/candles'
import { readCandleRows } from '#platform/market-data'
import { CandlesQuery, CandlesRequest } from '../api/requests.ts'
import { CandleReceipt, CandleRows, SeriesList } from '../api/schemas.ts'
import { limits } from '../app/limits.ts'
import type { AppOptions } from '../app/app-options.ts'
import { answers, type ServiceApp } from '../app/route.ts'
import { isoTime } from './iso-time.ts'
import { seriesOf } from './series-of.ts'
import { seriesStates } from './series-states.ts'

/** `POST /v1/candles`, `GET /v1/candles` and `GET /v1/series`. */
export function addCandleRoutes(app: ServiceApp, { parts }: AppOptions): void {
  const { book } = parts

  app.post(
    '/v1/candles',
    {
      config: { scope: 'write' },
      bodyLimit: limits.bodyBytes,
      handlerTimeout: limits.handlerMs,
      schema: {
        tags: ['candles'],
        summary: 'One or many closed candles; all of them or none are taken',
        operationId: 'sendCandles',
        body: CandlesRequest,
        response: answers(CandleReceipt),
      },
    },
    async (request) => {
      const { symbol, timeframe, candles } = request.body
      const { columns } = readCandleRows(candles, 'body')
      const receipt = await book.apply({ symbol, widthMs: parseTimeframe(timeframe) }, toCandles(columns))
      return { ...receipt, newestOpenTime: isoTime(receipt.newestOpenTime) }
    },
  )

  app.get(
    '/v1/candles',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['candles'],
        summary: 'The newest closed candles, oldest first',
        operationId: 'listCandles',
        querystring: CandlesQuery,
        response: answers(CandleRows),
      },
    },
    (request) => {
      const { limit = 500, ...words } = request.query
      const candles = book.candles(seriesOf(words, parts), limit)
      return { items: candles.map((candle) => ({ ...candle, openTime: isoTime(candle.openTime) })) }
    },
  )

  app.get(
    '/v1/series',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['candles'],
        summary: 'The series that verdicts are given for',
        operationId: 'listSeries',
        response: answers(SeriesList),
      },
    },
    () => ({
      items: seriesStates(parts).map(({ key, timeframe, rows, newestOpenTime, stale, model }) => ({
        symbol: key.symbol,
        timeframe,
        rows,
        newestOpenTime: newestOpenTime === null ? null : isoTime(newestOpenTime),
        stale,
        version: model?.version ?? null,
      })),
    }),
  )
}
