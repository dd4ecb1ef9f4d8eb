import { makeSeries, type CandleSeries } from '#core/candles'
import { Random } from '#core/random'

/** A market of so many 4-hour bars with clustered volatility and faint momentum, the same for the same seed. */
export function syntheticSeries(rows: number, seed: number): CandleSeries {
  const random = Random.of(seed, 'market')
  let price = 10_000
  let volatility = 0.01
  let drift = 0
  const candles = Array.from({ length: rows }, (_, row) => {
    volatility = 0.9 * volatility + 0.001 * (1 + Math.abs(random.normal()))
    drift = 0.8 * drift + 0.1 * volatility * random.normal()
    const open = price
    price *= Math.exp(drift + volatility * random.normal())
    const high = Math.max(open, price) * (1 + volatility * random.uniform())
    const low = Math.min(open, price) * (1 - volatility * random.uniform())
    return { openTime: row * 14_400_000, open, high, low, close: price, volume: 10 + 90 * random.uniform() }
  })
  return makeSeries({ source: 'synthetic', symbol: 'TEST/USDT', widthMs: 14_400_000, candles }, { gaps: 'keep' })
}
