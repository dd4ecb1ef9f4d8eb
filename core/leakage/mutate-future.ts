import type { CandleSeries } from '#core/candles'
import { Random } from '#core/random'

/**
 * The series with every candle after row `last` made up: a random walk from the close of `last`, at 10 % a bar so wild
 * that extremes and ranks of the whole series move with it; volumes drawn anew. Times, gaps and segments stay, so
 * whatever still depends on these candles read the future.
 */
export function mutateFuture(series: CandleSeries, last: number, seed: number): CandleSeries {
  const random = Random.of(seed, 'future', last)
  const [open, high, low, close, volume] = [
    series.open.slice(),
    series.high.slice(),
    series.low.slice(),
    series.close.slice(),
    series.volume.slice(),
  ]
  let price = close[last]!
  for (let row = last + 1; row < series.rows; row++) {
    open[row] = price
    price *= Math.exp(0.1 * random.normal())
    close[row] = price
    high[row] = Math.max(open[row]!, price) * (1 + 0.01 * random.uniform())
    low[row] = Math.min(open[row]!, price) * (1 - 0.01 * random.uniform())
    volume[row] = volume[row]! * 4 * random.uniform() + random.uniform()
  }
  return { ...series, open, high, low, close, volume }
}
