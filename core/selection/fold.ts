import { requireEveryClass } from '#core/evaluation'
import type { LabelIntervals } from './embargo.ts'
import { rangesOf, rowsIn, valuesAt, type RowRange } from './row-ranges.ts'

/** One fit and its test. Test rows may lie in several blocks (combinatorial splits), training rows on both sides. */
export interface Fold {
  readonly trainRows: readonly RowRange[]
  readonly testRows: readonly RowRange[]
}

/** Rows that the training and the test side of every fold should have at least. */
export interface LeastRows {
  readonly train: number
  readonly test: number
}

/** A way to cut rows into folds. Pure; `name` and `parameters` identify it in a manifest. */
export interface Splitter {
  readonly name: string
  readonly parameters: Readonly<Record<string, number>>
  /** Folds it makes. */
  readonly folds: number
  split(labels: LabelIntervals, rows: readonly RowRange[]): Fold[]
  /** How many rows bear folds of `least` rows when a border costs at most `maxReach` rows to purging, plus the embargo. */
  rowsFor(least: LeastRows, maxReach: number): number
}

/**
 * Fails before anything is fitted: throws ONE_CLASS naming the fold whose training or test rows lack a class, which is
 * also what an emptied training side looks like.
 */
export function requireClassesInFolds(folds: readonly Fold[], target: Int8Array): void {
  folds.forEach(({ trainRows, testRows }, i) => {
    requireEveryClass(valuesAt(target, rowsIn(trainRows)), `the training rows of fold ${i + 1} of ${folds.length}`)
    requireEveryClass(valuesAt(target, rowsIn(testRows)), `the test rows of fold ${i + 1} of ${folds.length}`)
  })
}

/** `count` contiguous blocks over the rows, sizes differing by one at most, longer ones first (scikit-learn's KFold). */
export function testBlocks(rows: readonly RowRange[], count: number): RowRange[][] {
  const all = rowsIn(rows)
  const size = Math.floor(all.length / count)
  const longer = all.length % count
  const startOf = (block: number) => block * size + Math.min(block, longer)
  return Array.from({ length: count }, (_, block) => rangesOf(all.subarray(startOf(block), startOf(block + 1))))
}

/** The rows that are not `taken`. */
export function without(rows: readonly RowRange[], taken: readonly RowRange[]): RowRange[] {
  const gone = new Set(rowsIn(taken))
  return rangesOf(rowsIn(rows).filter((row) => !gone.has(row)))
}
