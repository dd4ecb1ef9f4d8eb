import { clearOf } from './embargo.ts'
import { testBlocks, type Splitter } from './fold.ts'
import { countRows, rangesOf, rowsIn } from './row-ranges.ts'

/** Which earlier rows a test block is trained from: all of them, or always as many, the latest. */
export type TrainingWindow = 'expanding' | 'rolling'

export const trainingWindows: readonly TrainingWindow[] = ['expanding', 'rolling']

/**
 * Share of the rows before the first test block, which is also the length of a rolling window. With less, the first
 * models learn from so little that they say nothing about the last; with more, little is left to test.
 */
const firstShare = 0.5

/**
 * Tests the second half of the rows in `folds` contiguous blocks, each by a model of earlier rows only, whose labels
 * end at least `embargo` whole rows before the block. Never trains on a later row.
 */
export function walkForward(window: TrainingWindow, folds: number, embargo: number): Splitter {
  return {
    name: `walk-forward-${window}`,
    parameters: { folds, embargo, firstShare },
    folds,
    split: (labels, rows) => {
      const all = rowsIn(rows)
      const first = Math.floor(all.length * firstShare)
      let from = first
      return testBlocks(rangesOf(all.subarray(first)), folds).map((testRows) => {
        const earlier = rangesOf(all.subarray(window === 'rolling' ? from - first : 0, from))
        from += countRows(testRows)
        return { trainRows: clearOf(labels, earlier, testRows, embargo), testRows }
      })
    },
    rowsFor: ({ train, test }, maxReach) =>
      1 + Math.max((train + embargo + maxReach) / firstShare, (test * folds) / (1 - firstShare)),
  }
}
