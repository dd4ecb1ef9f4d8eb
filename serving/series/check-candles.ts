import { formatTime, formatTimeframe, isClosed, makeSeries, toCandles, type Candle } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { SeriesKey } from '../ports.ts'

export interface CandleCheck {
  /** Candles that one call may have. */
  readonly limit: number
  /** The clock, ms. */
  readonly now: number
  /** A candle of the series, on whose grid the others must stand; undefined for the first ones. */
  readonly known: Candle | undefined
}

/** Candles in order without repeats, and how many repeats there were. */
export interface CheckedCandles {
  readonly candles: readonly Candle[]
  readonly repeats: number
}

/** What errors call the candles of a call; their rows count from 1. */
const source = 'candles'

/**
 * Candles of a call as a store may take them. Throws CANDLES_TOO_MANY; the codes of makeSeries for a candle that cannot
 * be true, two that contradict each other, or one off the grid; CANDLE_IN_FUTURE and CANDLE_NOT_CLOSED.
 */
export function checkCandles(
  { symbol, widthMs }: SeriesKey,
  candles: readonly Candle[],
  check: CandleCheck,
): CheckedCandles {
  const { limit, now, known } = check
  if (candles.length > limit) throw new BullpenError('CANDLES_TOO_MANY', { rows: candles.length, limit })
  const series = makeSeries({ symbol, widthMs, source, candles }, { gaps: 'keep' })
  candles.forEach(({ openTime }, index) => {
    const where = { source, row: index + 1 }
    if (known && (openTime - known.openTime) % widthMs !== 0) {
      const width = formatTimeframe(widthMs)
      throw new BullpenError('CANDLES_OFF_GRID', { ...where, value: formatTime(openTime), width })
    }
    if (isClosed(openTime, widthMs, now)) return
    const times = { ...where, time: formatTime(openTime), now: formatTime(now) }
    if (openTime > now) throw new BullpenError('CANDLE_IN_FUTURE', times)
    throw new BullpenError('CANDLE_NOT_CLOSED', { ...times, closes: formatTime(openTime + widthMs) })
  })
  return { candles: toCandles(series), repeats: series.duplicatesDropped }
}
