import { Type } from '@sinclair/typebox'

// Shapes of what the service is asked.

const closed = { additionalProperties: false }
const symbolPattern = '^[A-Za-z0-9._:/-]{1,40}$'
const timeframePattern = '^[1-9][0-9]{0,4}[smhdw]$'

const symbol = Type.String({ pattern: symbolPattern, description: 'As ccxt writes it.', examples: ['BTC/USDT'] })
const timeframe = Type.String({ pattern: timeframePattern, description: 'Width of a bar.', examples: ['4h'] })
const time = (description: string) =>
  Type.String({ maxLength: 40, pattern: '^[0-9TZ:.+-]+$', description: `${description} ISO 8601.` })

/** May be left out where one series is served. */
export const SeriesQuery = Type.Object({ symbol: Type.Optional(symbol), timeframe: Type.Optional(timeframe) }, closed)

const limit = (most: number, unset: number) =>
  Type.Optional(
    Type.Integer({ minimum: 1, maximum: most, default: unset, description: `At most ${most}; ${unset} unless given.` }),
  )

export const CandlesQuery = Type.Object({ ...SeriesQuery.properties, limit: limit(5000, 500) }, closed)

export const VerdictsQuery = Type.Object(
  {
    ...SeriesQuery.properties,
    from: Type.Optional(time('Open time of the first candle.')),
    to: Type.Optional(time('Open time of the last candle.')),
    cursor: Type.Optional(
      Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'nextCursor of the page before.' }),
    ),
    limit: limit(1000, 100),
  },
  closed,
)

export const RunsQuery = Type.Object({ limit: limit(200, 20) }, closed)

/** Rows are checked one by one by the reader of candles, which names the row that is wrong. */
const candles = (most: number) =>
  Type.Array(
    Type.Union([Type.Object({}, { additionalProperties: true }), Type.Array(Type.Unknown(), { maxItems: 20 })]),
    {
      minItems: 1,
      maxItems: most,
      description: `Rows as {openTime, open, high, low, close, volume} or [ms, open, high, low, close, volume]; at most ${most}.`,
      examples: [[{ openTime: '2026-01-31T04:00:00.000Z', open: 1, high: 3, low: 1, close: 2, volume: 5 }]],
    },
  )

/** Candles in one request. */
export const mostCandles = 10_000

export const VerdictRequest = Type.Object(
  { symbol: Type.Optional(symbol), timeframe: Type.Optional(timeframe), candles: candles(mostCandles) },
  closed,
)
export const CandlesRequest = Type.Object({ symbol, timeframe, candles: candles(mostCandles) }, closed)

export const BatchRequest = Type.Object(
  {
    requests: Type.Array(Type.Object({ symbol, timeframe }, closed), {
      minItems: 1,
      maxItems: 100,
      description: 'At most 100 series.',
    }),
  },
  closed,
)

export const VersionPath = Type.Object({ version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }, closed)
export const RunPath = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }) }, closed)
const reason = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$',
  description: 'Kept in the history.',
})

export const Promotion = Type.Object(
  {
    reason,
    override: Type.Optional(
      Type.Boolean({ description: 'Promote against the gate: the reason and the key are kept as its override.' }),
    ),
  },
  closed,
)
export const Rollback = Type.Object(
  {
    reason,
    from: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Only while this version answers.' }),
    ),
  },
  closed,
)
