import { requireEveryClass } from '#core/evaluation'
import { BullpenError } from '#core/errors'
import { clearOf, defaultEmbargo, type LabelIntervals } from './embargo.ts'
import { rangesOf, rowsIn, valuesAt, type RowRange } from './row-ranges.ts'
import type { TrainingTable } from './training-table.ts'

/** One fit and its test. Test rows may lie in several blocks (combinatorial splits), training rows on both sides. */
export interface Fold {
  readonly trainRows: readonly RowRange[]
  readonly testRows: readonly RowRange[]
}

/** A way to cut rows into folds. Pure; `name` and `parameters` identify it in a manifest. */
export interface Splitter {
  readonly name: string
  readonly parameters: Readonly<Record<string, number>>
  split(labels: LabelIntervals, rows: readonly RowRange[]): Fold[]
}

/** The reference's cross-validation: three contiguous unshuffled blocks, nothing purged, nothing embargoed. */
export function kfold3(): Splitter {
  return {
    name: 'kfold3',
    parameters: { folds: 3 },
    split: (_, rows) => testBlocks(rows, 3).map((testRows) => ({ trainRows: without(rows, testRows), testRows })),
  }
}

/**
 * `folds` contiguous test blocks; each trains on the other rows from which purging and an embargo of `embargo` rows
 * took what touches the block ({@link clearOf}).
 */
export function purged(folds: number, embargo: number): Splitter {
  return {
    name: 'purged',
    parameters: { folds, embargo },
    split: (labels, rows) =>
      testBlocks(rows, folds).map((testRows) => ({
        trainRows: clearOf(labels, without(rows, testRows), testRows, embargo),
        testRows,
      })),
  }
}

/** Names {@link splitter} knows. */
export const splitterNames = ['purged', 'kfold3'] as const

/**
 * The splitter of that name; `folds` (2 or more) is for those which can be told. Throws UNKNOWN_NAME, and USAGE for
 * fewer than two folds.
 */
export function splitter(name: string, table: Pick<TrainingTable, 'maxReach'>, options: { folds: number }): Splitter {
  if (!Number.isInteger(options.folds) || options.folds < 2) {
    throw new BullpenError('USAGE', { reason: `${options.folds} folds are no split: give a whole number from 2` })
  }
  switch (name) {
    case 'purged':
      return purged(options.folds, defaultEmbargo(table))
    case 'kfold3':
      return kfold3()
    default:
      throw new BullpenError('UNKNOWN_NAME', { kind: 'split', name, known: splitterNames.join(', ') })
  }
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
function testBlocks(rows: readonly RowRange[], count: number): RowRange[][] {
  const all = rowsIn(rows)
  const size = Math.floor(all.length / count)
  const longer = all.length % count
  const startOf = (block: number) => block * size + Math.min(block, longer)
  return Array.from({ length: count }, (_, block) => rangesOf(all.subarray(startOf(block), startOf(block + 1))))
}

function without(rows: readonly RowRange[], taken: readonly RowRange[]): RowRange[] {
  const gone = new Set(rowsIn(taken))
  return rangesOf(rowsIn(rows).filter((row) => !gone.has(row)))
}
