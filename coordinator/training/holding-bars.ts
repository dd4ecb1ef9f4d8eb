import type { TrainingTable } from '#core/selection'

/**
 * Bars a position is taken to be held when what a verdict would have brought is judged row by row: the median reach of
 * the labels of `rows`, at least one. A fixed time: a label's own reach may end where its move did, which nobody knows
 * when the position is opened.
 */
export function holdingBars({ reach }: Pick<TrainingTable, 'reach'>, rows: Uint32Array): number {
  const ahead = Int32Array.from(rows, (row) => reach[row]! - row).sort()
  return Math.max(1, ahead[ahead.length >> 1]!)
}
