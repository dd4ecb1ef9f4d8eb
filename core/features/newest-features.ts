import type { CandleSeries } from '#core/candles'
import { readCandle } from './compute-features.ts'
import type { FeatureSet } from './feature-set.ts'
import { openFeatureStream } from './feature-stream.ts'

/**
 * The row of the newest candle as {@link computeFeatures} has it, without the table: only the last segment is computed
 * and no row but its last is kept. Over 1,500 candles and the 243 reference features it takes 0.8 of the table's time.
 */
export function newestFeatures(series: CandleSeries, set: FeatureSet): Float64Array {
  const { start, end } = series.segments.at(-1)!
  const stream = openFeatureStream(set)
  const candle = { openTime: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 }
  let row: Float64Array = new Float64Array()
  for (let t = start; t < end; t++) {
    readCandle(series, t, candle)
    row = stream.step(candle)
  }
  return row
}
