import type { CandleRow } from '#client'

/** By open time of a candle: how far the close after it went, in percent. The newest has none. */
export function changesAfter(candles: readonly CandleRow[]): ReadonlyMap<string, number> {
  return new Map(
    candles.slice(0, -1).map(({ openTime, close }, i) => [openTime, 100 * (candles[i + 1]!.close / close - 1)]),
  )
}
