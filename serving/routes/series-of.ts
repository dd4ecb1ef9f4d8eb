import { formatTimeframe, parseTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { Champions, SeriesBook, SeriesKey } from '../ports.ts'

/** What a request says of the series it is about. */
export interface SeriesWords {
  readonly symbol?: string | undefined
  readonly timeframe?: string | undefined
}

/** What knows which series there are. */
export interface SeriesSources {
  readonly book: Pick<SeriesBook, 'keys' | 'awaited'>
  readonly champions: Pick<Champions, 'unknown'>
}

/**
 * The series a request is about; the only one where it names none. Throws SERIES_AMBIGUOUS, TIMEFRAME_INVALID,
 * SERIES_NOT_SERVED; CHAMPION_UNKNOWN while nobody can say which series are served.
 */
export function seriesOf({ symbol, timeframe }: SeriesWords, { book, champions }: SeriesSources): SeriesKey {
  if (symbol !== undefined && timeframe !== undefined) return { symbol, widthMs: parseTimeframe(timeframe) }
  const widthMs = timeframe === undefined ? undefined : parseTimeframe(timeframe)
  const known = [...book.keys(), ...book.awaited().map(({ key }) => key)]
  const fitting = known.filter(
    (key) => (symbol ?? key.symbol) === key.symbol && (widthMs ?? key.widthMs) === key.widthMs,
  )
  if (fitting.length === 1) return fitting[0]!
  if (fitting.length > 1) {
    throw new BullpenError('SERIES_AMBIGUOUS', { count: fitting.length, series: fitting.map(seriesName).join(', ') })
  }
  const unknown = champions.unknown()
  if (unknown) throw unknown
  throw new BullpenError('SERIES_NOT_SERVED', {
    symbol: symbol ?? 'any symbol',
    timeframe: timeframe ?? 'of any width',
    known: known.map(seriesName).join(', ') || 'none',
  })
}

/** `BTC/USDT 4h`. */
export function seriesName({ symbol, widthMs }: SeriesKey): string {
  return `${symbol} ${formatTimeframe(widthMs)}`
}
