import type { CandleSeries } from './candle.ts'
import { sliceSeries } from './make-series.ts'

/** Whether the bar that opens at `openTime` has ended at `now`; all in ms. */
export function isClosed(openTime: number, widthMs: number, now: number): boolean {
  return openTime + widthMs <= now
}

/** The bars that open at `since` (ms) or later. Throws CANDLES_EMPTY. */
export function barsSince(series: CandleSeries, since: number): CandleSeries {
  const start = series.openTime.findIndex((time) => time >= since)
  return start === 0 ? series : sliceSeries(series, start < 0 ? series.rows : start, series.rows)
}
