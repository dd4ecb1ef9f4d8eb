import { clearOf } from './embargo.ts'
import { testBlocks, without, type LeastRows, type Splitter } from './fold.ts'

/**
 * The reference's cross-validation: three contiguous unshuffled blocks, nothing purged, nothing embargoed. It asks for
 * as many rows as if it were.
 */
export function kfold3(embargo = 0): Splitter {
  return {
    name: 'kfold3',
    parameters: { folds: 3 },
    folds: 3,
    split: (_, rows) => testBlocks(rows, 3).map((testRows) => ({ trainRows: without(rows, testRows), testRows })),
    rowsFor: (least, maxReach) => rowsForBlocks(3, least, embargo + maxReach),
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
    folds,
    split: (labels, rows) =>
      testBlocks(rows, folds).map((testRows) => ({
        trainRows: clearOf(labels, without(rows, testRows), testRows, embargo),
        testRows,
      })),
    rowsFor: (least, maxReach) => rowsForBlocks(folds, least, embargo + maxReach),
  }
}

/** A fold trains on (folds-1)/folds of the rows, less what purging and embargo take on both sides. */
function rowsForBlocks(folds: number, { train, test }: LeastRows, lost: number): number {
  return Math.max(((train + 2 * lost) * folds) / (folds - 1), test * folds)
}
