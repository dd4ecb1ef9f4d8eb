import type { CandleSeries } from '#core/candles'
import { stretchesOf } from './stretches.ts'

/** Returns that the estimate at a row reads at most: beyond 4 spans the weights left are 0.03 % of all. */
export function volatilityLookBack(span: number): number {
  return 4 * span
}

/**
 * Volatility of one bar's log return at each row, by exponential weights with alpha = 2 / (span + 1) around zero
 * (J.P. Morgan 1996, "RiskMetrics", which takes the mean as zero; Lopez de Prado 2018, "Advances in Financial Machine
 * Learning", 3.2 takes the deviation of a span of daily returns). Row t reads the closes t - 4 span to t of its stretch
 * and no others, summed anew for every row: a running sum would depend on where it began. NaN where the stretch has not
 * yet seen `span` returns.
 */
export function barVolatility(series: CandleSeries, span: number): Float64Array {
  const volatility = new Float64Array(series.rows).fill(NaN)
  const weights = decayingWeights(span)
  const squares = new Float64Array(series.rows)
  for (const { start, end } of stretchesOf(series)) {
    for (let t = start + 1; t < end; t++) squares[t] = Math.log(series.close[t]! / series.close[t - 1]!) ** 2
    for (let t = start + span; t < end; t++) {
      const count = Math.min(weights.length, t - start)
      let sum = 0
      let total = 0
      for (let k = 0; k < count; k++) {
        sum += weights[k]! * squares[t - k]!
        total += weights[k]!
      }
      volatility[t] = Math.sqrt(sum / total)
    }
  }
  return volatility
}

function decayingWeights(span: number): Float64Array {
  const keep = 1 - 2 / (span + 1)
  return Float64Array.from({ length: volatilityLookBack(span) }, (_, k) => keep ** k)
}
