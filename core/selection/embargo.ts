import { rangesOf, rowsIn, type RowRange } from './row-ranges.ts'
import type { TrainingTable } from './training-table.ts'

/** What separation needs to know: the label of row t reads candles t to reach[t]. */
export type LabelIntervals = Pick<TrainingTable, 'rows' | 'reach'>

/** Least embargo in rows, whatever the label (features.md section 7.7). */
export const leastEmbargo = 60

/** Rows between training and test labels unless told otherwise: the longest look-ahead of the label, at least 60. */
export function defaultEmbargo(table: Pick<TrainingTable, 'maxReach'>): number {
  return Math.max(leastEmbargo, table.maxReach)
}

/** Whole rows kept free between training and test labels. */
export interface Embargo {
  /** From the end of a training label to the test rows after it. */
  readonly before: number
  /** From the end of a test label to the training rows after it, whose features look back. */
  readonly after: number
}

/**
 * The embargo of splits that train on both sides of a test block: {@link defaultEmbargo} before it, and after it also
 * the look-back of the features, so that no training row has seen a candle that a test label read.
 */
export function lookBackEmbargo(table: Pick<TrainingTable, 'maxReach' | 'warmup'>): Embargo {
  const before = defaultEmbargo(table)
  return { before, after: Math.max(before, table.warmup) }
}

/**
 * The `candidates` which may be trained on when `testRows` are tested. Purging removes a row whose label interval
 * [t, reach[t]] meets that of a test row; the embargo removes a row whose interval comes within `embargo` rows of one,
 * before or after, or within those of an {@link Embargo} (Lopez de Prado 2018, "Advances in Financial Machine Learning", 7.4, where the embargo is only
 * after). What stays has at least `embargo` whole candles between its label and any test label. Works for any test
 * rows, in one block or many.
 */
export function clearOf(
  labels: LabelIntervals,
  candidates: readonly RowRange[],
  testRows: readonly RowRange[],
  embargo: number | Embargo,
): RowRange[] {
  const read = candlesRead(labels, testRows)
  const { before, after } = typeof embargo === 'number' ? { before: embargo, after: embargo } : embargo
  const kept = rowsIn(candidates).filter((row) => {
    const from = Math.max(0, row - after)
    const to = Math.min(labels.rows, labels.reach[row]! + 1 + before)
    return read[to]! === read[from]!
  })
  return rangesOf(kept)
}

/** Running count of candles which test labels read: entry i counts those before row i. */
function candlesRead({ rows, reach }: LabelIntervals, testRows: readonly RowRange[]): Uint32Array {
  const count = new Uint32Array(rows + 1)
  let readUntil = -1
  for (const { start, end } of testRows) {
    for (let row = start; row < end; row++) {
      for (let t = Math.max(row, readUntil + 1); t <= reach[row]!; t++) count[t + 1] = 1
      readUntil = Math.max(readUntil, reach[row]!)
    }
  }
  for (let i = 0; i < rows; i++) count[i + 1]! += count[i]!
  return count
}
