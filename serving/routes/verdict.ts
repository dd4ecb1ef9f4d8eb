import type { FastifyReply } from 'fastify'
import { makeSeries } from '#core/candles'
import { asBullpenError } from '#core/errors'
import { readCandleRows } from '#platform/market-data'
import { BatchRequest, SeriesQuery, VerdictRequest } from '../api/requests.ts'
import { Prediction, Verdict, VerdictBatch } from '../api/schemas.ts'
import type { AppOptions } from '../app/app-options.ts'
import { limits } from '../app/limits.ts'
import { problemOf } from '../app/problem.ts'
import { answers, sendText, type ServiceApp } from '../app/route.ts'
import { seriesOf } from './series-of.ts'
import { verdictDocument, verdictText } from './verdict-text.ts'

const config = { scope: 'read' } as const

/** `GET /v1/verdict`, `POST /v1/verdict`, `POST /v1/verdicts/batch` and the old `/predict`. */
export function addVerdictRoutes(app: ServiceApp, { parts, metrics }: AppOptions): void {
  const { desk, now } = parts

  app.get(
    '/v1/verdict',
    {
      config,
      schema: {
        tags: ['verdicts'],
        summary: 'The verdict for the newest closed candle',
        operationId: 'getVerdict',
        querystring: SeriesQuery,
        response: answers(Verdict),
      },
    },
    (request, reply) => {
      const given = desk.current(seriesOf(request.query, parts))
      const { body, tag, maxAge } = verdictText(given, request.id, now())
      metrics.answered(given.verdict)
      void reply.header('etag', tag).header('cache-control', `private, max-age=${maxAge}`)
      if (hasTag(request.headers['if-none-match'], tag)) notModified(reply)
      else sendText(reply, 'application/json; charset=utf-8', body)
    },
  )

  app.post(
    '/v1/verdict',
    {
      config,
      bodyLimit: limits.bodyBytes,
      schema: {
        tags: ['verdicts'],
        summary: "The verdict for the newest of the caller's own candles",
        operationId: 'askVerdict',
        body: VerdictRequest,
        response: answers(Verdict),
      },
    },
    (request) => {
      const { candles, ...words } = request.body
      const { symbol, widthMs } = seriesOf(words, parts)
      const { columns, rowOf } = readCandleRows(candles, 'body')
      const series = makeSeries({ symbol, widthMs, source: 'body', candles: columns, rowOf }, { gaps: 'keep' })
      const given = desk.answerFor(series)
      metrics.answered(given.verdict)
      return verdictDocument(given, request.id, now())
    },
  )

  app.post(
    '/v1/verdicts/batch',
    {
      config,
      schema: {
        tags: ['verdicts'],
        summary: 'Verdicts for many series at once',
        operationId: 'askVerdicts',
        body: BatchRequest,
        response: answers(VerdictBatch),
      },
    },
    (request) => {
      const answer = (words: { symbol: string; timeframe: string }) => {
        try {
          const given = desk.current(seriesOf(words, parts))
          metrics.answered(given.verdict)
          return verdictDocument(given, request.id, now())
        } catch (error) {
          return problemOf(asBullpenError(error), request)
        }
      }
      return { items: request.body.requests.map(answer) }
    },
  )

  app.get(
    '/predict',
    {
      config,
      schema: {
        tags: ['verdicts'],
        summary: 'The verdict as one word, for clients of the service before this one',
        operationId: 'predict',
        querystring: SeriesQuery,
        response: answers(Prediction),
      },
    },
    (request) => {
      const { verdict } = desk.current(seriesOf(request.query, parts))
      metrics.answered(verdict)
      return { verdict }
    },
  )
}

function notModified(reply: unknown): void {
  const plain = reply as FastifyReply
  void plain.status(304).send()
}

/** RFC 9110 section 13.1.2: weak comparison, `*` for whatever there is. */
function hasTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  const opaque = (text: string): string => text.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some((each) => opaque(each) === opaque(tag))
}
