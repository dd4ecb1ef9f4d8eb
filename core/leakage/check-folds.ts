import type { LeakCheck } from '#core/registry'
import { rowsIn, type Fold, type TrainingTable } from '#core/selection'

/** What the folds are held against. */
export type FoldedTable = Pick<TrainingTable, 'reach' | 'complete' | 'settled'>

export interface FoldRules {
  /** What the check is called, for folds of another kind: `folds-clear`. */
  readonly name?: string
  /** Whole candles that must lie between a training label and a test label. */
  readonly embargo: number
  /** How often a row may be tested: once, but for combinatorial splits. */
  readonly testsOfARow?: number
}

/**
 * No training row's label may share a candle with a test row's label, nor come within the embargo of one; training rows
 * are usable (features settled, label complete), and no row is tested more often than the split says. Written without
 * the code that makes folds: test labels are drawn onto the line of candles, and each training label is looked up there.
 */
export function checkFolds(table: FoldedTable, folds: readonly Fold[], rules: FoldRules): LeakCheck {
  const { name = 'folds-clear', embargo, testsOfARow = 1 } = rules
  const tested = new Map<number, number>()
  let overlapping = 0
  let unusable = 0
  for (const { trainRows, testRows } of folds) {
    const test = rowsIn(testRows)
    const near = labelsDrawn(table, test, embargo)
    for (const row of test) tested.set(row, (tested.get(row) ?? 0) + 1)
    for (const row of rowsIn(trainRows)) {
      if (table.complete[row] !== 1 || table.settled[row] !== 1) unusable++
      if (touches(near, row, table.reach[row]!)) overlapping++
    }
  }
  const repeated = [...tested.values()].filter((times) => times > testsOfARow).length
  const problems = [
    ...(overlapping > 0 ? [`${overlapping} training rows come within ${embargo} candles of a test label`] : []),
    ...(unusable > 0 ? [`${unusable} training rows are not settled or have no whole label`] : []),
    ...(repeated > 0 ? [`${repeated} rows are tested more than ${testsOfARow} times`] : []),
  ]
  return {
    name,
    passed: problems.length === 0,
    summary:
      problems.length === 0
        ? `in ${folds.length} folds no training label comes within ${embargo} candles of a test label`
        : problems.join('; '),
    figures: { folds: folds.length, embargo, overlapping, unusable, repeated },
  }
}

/** 1 for each candle within `embargo` of one that a label of `rows` reads. */
function labelsDrawn({ reach }: FoldedTable, rows: Uint32Array, embargo: number): Uint8Array {
  const drawn = new Uint8Array(reach.length)
  for (const row of rows) drawn.fill(1, Math.max(0, row - embargo), Math.min(reach.length, reach[row]! + embargo + 1))
  return drawn
}

function touches(drawn: Uint8Array, from: number, to: number): boolean {
  for (let candle = from; candle <= to; candle++) if (drawn[candle] === 1) return true
  return false
}
