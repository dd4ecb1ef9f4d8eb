import { modulo } from './bar-width.ts'
import type { CandleSeries } from './candle.ts'
import { sliceSeries } from './make-series.ts'

/** Whether the bar that opens at `openTime` has ended at `now`; all in ms. */
export function isClosed(openTime: number, widthMs: number, now: number): boolean {
  return openTime + widthMs <= now
}

/** Open time of the newest bar that has ended at `now`, on the grid of UTC; all in ms. */
export function lastClosed(widthMs: number, now: number): number {
  return now - modulo(now, widthMs) - widthMs
}

/** The series without its newest bar while that is still forming at `now` (ms). Throws CANDLES_EMPTY. */
export function dropUnclosed(series: CandleSeries, now: number): CandleSeries {
  let end = series.rows
  while (end > 0 && !isClosed(series.openTime[end - 1]!, series.widthMs, now)) end--
  return end === series.rows ? series : sliceSeries(series, 0, end)
}

/** The bars that open at `since` (ms) or later. Throws CANDLES_EMPTY. */
export function barsSince(series: CandleSeries, since: number): CandleSeries {
  const start = series.openTime.findIndex((time) => time >= since)
  return start === 0 ? series : sliceSeries(series, start < 0 ? series.rows : start, series.rows)
}
