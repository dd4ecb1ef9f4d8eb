import type { CandleRow } from '#client'

/** The median of (high - low) / close of these candles, in percent: how far price goes in one bar; 0 without candles. */
export function typicalMovePct(candles: readonly CandleRow[]): number {
  if (candles.length === 0) return 0
  const moves = candles.map(({ high, low, close }) => (100 * (high - low)) / close).sort((a, b) => a - b)
  const middle = moves.length >> 1
  return moves.length % 2 === 1 ? moves[middle]! : (moves[middle - 1]! + moves[middle]!) / 2
}
