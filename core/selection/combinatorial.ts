import { clearOf, type Embargo } from './embargo.ts'
import { testBlocks, without, type Splitter } from './fold.ts'
import { rangesOf, rowsIn } from './row-ranges.ts'

/**
 * Combinatorial purged cross-validation (Lopez de Prado 2018, "Advances in Financial Machine Learning", 12.3 and 12.4):
 * the rows in `groups` contiguous blocks, and a fold for every choice of `testGroups` of them, tested together and
 * trained on the others, purged and embargoed on both sides. Every row is tested C(groups-1, testGroups-1) times.
 */
export function combinatorialPurged(groups: number, testGroups: number, embargo: Embargo): Splitter {
  const choices = choicesOf(groups, testGroups)
  return {
    name: 'combinatorial-purged',
    parameters: { folds: choices.length, groups, testGroups, embargo: embargo.before, embargoAfter: embargo.after },
    folds: choices.length,
    split: (labels, rows) => {
      const blocks = testBlocks(rows, groups)
      return choices.map((choice) => {
        const testRows = rangesOf(choice.flatMap((group) => Array.from(rowsIn(blocks[group]!))))
        return { trainRows: clearOf(labels, without(rows, testRows), testRows, embargo), testRows }
      })
    },
    rowsFor: ({ train, test }, maxReach) => {
      const lost = testGroups * (embargo.before + embargo.after + 2 * maxReach)
      return Math.max(((train + lost) * groups) / (groups - testGroups), test * groups)
    },
  }
}

/** Every choice of `count` of the numbers 0 to `of`-1, in lexicographic order. */
function choicesOf(of: number, count: number, from = 0): number[][] {
  if (count === 0) return [[]]
  return Array.from({ length: Math.max(0, of - from - count + 1) }, (_, i) => from + i).flatMap((first) =>
    choicesOf(of, count - 1, first + 1).map((rest) => [first, ...rest]),
  )
}
