import type { CandleSeries } from '#core/candles'
import { smoothedCloses } from './smoothed-closes.ts'

/**
 * C/P - 1, a fraction a row: how far the close is from its own smooth P. It ranks the swing label with an AUC near 0.78
 * and forecasts nothing (features.md section 7.6), so a model of that label is judged by what it adds to this.
 */
export function naiveScore(series: CandleSeries): Float64Array {
  return smoothedCloses(series).map((smooth, t) => series.close[t]! / smooth - 1)
}
