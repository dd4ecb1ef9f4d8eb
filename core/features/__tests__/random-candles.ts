import { Random } from '#core/random'
import type { Candle } from '#core/candles'

/** A random walk with stretches of one price and of no volume, from any seed. */
export function randomCandles(seed: number, count: number): Candle[] {
  const random = Random.of('random candles', seed)
  const swing = 0.001 + 0.03 * random.uniform()
  let close = 10 ** (4 * random.uniform())
  let still = 0
  return Array.from({ length: count }, (_, t) => {
    if (still > 0) still--
    else if (random.uniform() < 0.01) still = random.below(45)
    const open = close
    if (still === 0) close = open * Math.exp(swing * random.normal())
    const spread = still === 0 ? swing * random.uniform() : 0
    return {
      openTime: 1_577_836_800_000 + t * 14_400_000,
      open,
      high: Math.max(open, close) * (1 + spread),
      low: Math.min(open, close) * (1 - spread),
      close,
      volume: still > 0 ? 0 : 100 * random.uniform(),
    }
  })
}
