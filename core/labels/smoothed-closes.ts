import type { CandleSeries } from '#core/candles'

/**
 * P = SMA(SMA(C,5),3), the smooth the swing label is taken on: price units, one a row, looking back only, partial
 * windows at the start of each segment (features.md section 4).
 */
export function smoothedCloses(series: CandleSeries): Float64Array {
  const smooth = new Float64Array(series.rows)
  const inner = new Float64Array(series.rows)
  for (const { start, end } of series.segments) {
    for (let t = start; t < end; t++) inner[t] = trailingMean(series.close, start, t, 5)
    for (let t = start; t < end; t++) smooth[t] = trailingMean(inner, start, t, 3)
  }
  return smooth
}

function trailingMean(values: Float64Array, start: number, t: number, length: number): number {
  const from = Math.max(start, t - length + 1)
  let sum = 0
  for (let i = from; i <= t; i++) sum += values[i]!
  return sum / (t - from + 1)
}
