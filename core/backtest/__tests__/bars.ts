import { Random } from '#core/random'
import type { Bars } from '../index.ts'

export const widthMs = 14_400_000

/** Bars from [open, close] pairs, 4 hours wide; `hours` gives open times where there are gaps. */
export function barsOf(prices: readonly (readonly [open: number, close: number])[], hours?: readonly number[]): Bars {
  return {
    widthMs,
    openTime: Float64Array.from(prices, (_, t) => (hours?.[t] ?? t * 4) * 3_600_000),
    open: Float64Array.from(prices, ([open]) => open),
    close: Float64Array.from(prices, ([, close]) => close),
  }
}

/** A random walk with gaps between bars, in time and in price. */
export function walk(rows: number, seed: number, swing = 0.05): Bars {
  const random = Random.of('backtest bars', seed)
  let price = 100
  let hour = 0
  const hours: number[] = []
  const prices = Array.from({ length: rows }, (): [number, number] => {
    hour += random.uniform() < 0.05 ? 12 : 4
    hours.push(hour)
    const open = price * Math.exp((swing / 5) * random.normal())
    price = open * Math.exp(swing * random.normal())
    return [open, price]
  })
  return barsOf(prices, hours)
}

/** Row-major rows x 3 probabilities; some rows tie. */
export function randomProbabilities(rows: number, seed: number): Float64Array {
  const random = Random.of('backtest probabilities', seed)
  return Float64Array.from({ length: rows }, () => 0).reduce(
    (out, _, t) => {
      const parts = [0, 1, 2].map(() => 1 + random.below(5))
      const total = parts.reduce((sum, part) => sum + part, 0)
      parts.forEach((part, c) => (out[t * 3 + c] = part / total))
      return out
    },
    new Float64Array(rows * 3),
  )
}
