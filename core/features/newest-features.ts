import type { CandleSeries } from '#core/candles'
import { readCandle } from './compute-features.ts'
import type { FeatureSet } from './feature-set.ts'
import { openFeatureStream } from './feature-stream.ts'

/**
 * The row of the newest candle as {@link computeFeatures} has it, without the table: only the last segment is computed
 * and of its rows only the last, to which the others merely bring the state. Over 1,500 candles and the 243 reference
 * features it takes 0.4 of the table's time; giving every row took 0.8.
 */
export function newestFeatures(series: CandleSeries, set: FeatureSet): Float64Array {
  const { start, end } = series.segments.at(-1)!
  const stream = openFeatureStream(set)
  const candle = { openTime: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 }
  for (let t = start; t < end - 1; t++) {
    readCandle(series, t, candle)
    stream.advance(candle)
  }
  readCandle(series, end - 1, candle)
  return stream.step(candle)
}
