import {
  barsSince,
  formatTimeframe,
  makeSeries,
  parseTimeframe,
  resample,
  type CandleSeries,
  type CandleStore,
  type GapPolicy,
} from '#core/candles'
import { BullpenError } from '#core/errors'
import type { OhlcvExchange } from './connect-exchange.ts'
import { pullCandles } from './pull-candles.ts'
import { readCandleFile } from './read-file.ts'
import { sampleCandles } from './sample-candles.ts'
import { parseCandleSource, type CandleSource } from './source-grammar.ts'

export interface CandleSourceOptions {
  /** BULLPEN_HOME: caches and half-finished pulls lie under it. */
  readonly home: string
  /** What to do with gaps; `keep` unless given. */
  readonly gaps?: GapPolicy
  /** Leave out bars that open before this time, ms. For `exchange:` where the pull begins. */
  readonly since?: number
  /** Needed by `store:` only. */
  readonly store?: CandleStore
  /** What to call the series of a file, which does not say; the file's name unless given. */
  readonly symbol?: string
  /** Resample to this width, e.g. `4h`. */
  readonly timeframe?: string
  /** Told in plain words what takes long, with the fraction done (0 to 1) where that is known. */
  readonly onProgress?: (text: string, fraction?: number) => void
  readonly signal?: AbortSignal
  /** Opens the exchange of `exchange:`; ccxt's unless given. */
  readonly connect?: (name: string) => Promise<OhlcvExchange>
}

/**
 * The one way from a source text (see parseCandleSource) to a valid series. Throws the codes of the grammar, of
 * makeSeries, of resample and of each reader: CANDLES_NOT_FOUND, CANDLES_FILE_CORRUPT, CANDLES_COLUMN_MISSING,
 * CANDLE_NOT_NUMBER, CANDLE_TIME, SAMPLE_UNAVAILABLE, EXCHANGE_REFUSED, EXCHANGE_UNREACHABLE, PULL_INTERRUPTED.
 */
export async function openCandleSource(text: string, options: CandleSourceOptions): Promise<CandleSeries> {
  const gaps = options.gaps ?? 'keep'
  const source = parseCandleSource(text)
  const widthMs = options.timeframe === undefined ? undefined : parseTimeframe(options.timeframe)
  // Gaps of the width that is asked for count, not those of the bars it is made from.
  const whole = await readSource(source, text, { ...options, gaps: widthMs === undefined ? gaps : 'keep' })
  const series = options.since === undefined ? whole : barsSince(whole, options.since)
  return widthMs === undefined ? series : resample(series, widthMs, { gaps })
}

type ReadOptions = CandleSourceOptions & { readonly gaps: GapPolicy }

async function readSource(source: CandleSource, text: string, options: ReadOptions): Promise<CandleSeries> {
  switch (source.kind) {
    case 'file':
      return makeSeries(await readCandleFile(source, options.symbol), options)
    case 'sample':
      return sampleCandles(source, options)
    case 'store':
      return storedCandles(source, text, options)
    case 'exchange':
      return makeSeries(await pullCandles(source, text, options), options)
  }
}

async function storedCandles(
  { symbol, widthMs }: Extract<CandleSource, { kind: 'store' }>,
  source: string,
  { store, since, gaps }: ReadOptions,
): Promise<CandleSeries> {
  if (!store) throw new BullpenError('CANDLES_SOURCE_INVALID', { source, reason: 'no candle store is open here' })
  const candles = await store.read(symbol, widthMs, since === undefined ? {} : { from: since })
  if (candles.length > 0) return makeSeries({ symbol, widthMs, source, candles }, { gaps })
  const stored = (await store.list()).map((each) => `${each.symbol}:${formatTimeframe(each.widthMs)}`)
  const known = stored.join(', ') || 'none'
  throw new BullpenError('UNKNOWN_NAME', {
    kind: 'stored series',
    name: `${symbol}:${formatTimeframe(widthMs)}`,
    known,
  })
}
