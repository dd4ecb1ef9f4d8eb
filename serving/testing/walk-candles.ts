import type { Candle } from '#core/candles'
import { Random } from '#core/random'

/** Width of the bars of a walk: 4 hours, ms. */
export const walkWidthMs = 14_400_000

/** A random walk of `rows` closed 4-hour candles; the last one closed within the 4 hours before `now` (ms). */
export function walkCandles(rows: number, now: number, seed = 1): Candle[] {
  const random = Random.of('walk of the serving tests', seed)
  const last = Math.floor(now / walkWidthMs) * walkWidthMs - walkWidthMs
  let close = 10_000
  return Array.from({ length: rows }, (_, row) => {
    const open = close
    close = open * Math.exp(0.01 * random.normal())
    const [high, low] = [Math.max(open, close) * 1.002, Math.min(open, close) * 0.998]
    return { openTime: last - (rows - 1 - row) * walkWidthMs, open, high, low, close, volume: 100 * random.uniform() }
  })
}

/** The candle that may follow the last one. */
export function nextCandle({ openTime, close }: Candle, change = 0.001): Candle {
  const end = close * (1 + change)
  const [high, low] = [Math.max(close, end) * 1.001, Math.min(close, end) * 0.999]
  return { openTime: openTime + walkWidthMs, open: close, high, low, close: end, volume: 12.5 }
}
