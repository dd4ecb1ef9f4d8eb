import { BullpenError } from '#core/errors'
import { combinatorialPurged } from './combinatorial.ts'
import { defaultEmbargo, lookBackEmbargo } from './embargo.ts'
import type { Splitter } from './fold.ts'
import { kfold3, purged } from './splits.ts'
import type { TrainingTable } from './training-table.ts'
import { walkForward } from './walk-forward.ts'

/** Names {@link splitter} knows. */
export const splitterNames = [
  'purged',
  'kfold3',
  'walk-forward-expanding',
  'walk-forward-rolling',
  'combinatorial-purged',
] as const

/** How a splitter is told to cut. */
export interface SplitOptions {
  /** Test blocks; of combinatorial splits the groups. 2 or more. `kfold3` always has three. */
  readonly folds: number
  /** Groups that a combinatorial fold tests together, 1 to folds-1; 2 unless told otherwise. */
  readonly testGroups?: number
}

/** Most folds of a combinatorial split: each costs a fit for every trial. */
const mostFolds = 1000

/**
 * The splitter of that name over rows of `table`. Throws UNKNOWN_NAME, and USAGE for numbers that are no split.
 */
export function splitter(
  name: string,
  table: Pick<TrainingTable, 'maxReach' | 'warmup'>,
  { folds, testGroups = 2 }: SplitOptions,
): Splitter {
  if (!Number.isInteger(folds) || folds < 2) throw noSplit(`${folds} folds are no split: give a whole number from 2`)
  const embargo = defaultEmbargo(table)
  switch (name) {
    case 'purged':
      return purged(folds, embargo)
    case 'kfold3':
      return kfold3(embargo)
    case 'walk-forward-expanding':
      return walkForward('expanding', folds, embargo)
    case 'walk-forward-rolling':
      return walkForward('rolling', folds, embargo)
    case 'combinatorial-purged': {
      if (!Number.isInteger(testGroups) || testGroups < 1 || testGroups >= folds) {
        throw noSplit(`${testGroups} test groups of ${folds} leave nothing to train on: give 1 to ${folds - 1}`)
      }
      requireFewFolds(folds, testGroups)
      return combinatorialPurged(folds, testGroups, lookBackEmbargo(table))
    }
    default:
      throw new BullpenError('UNKNOWN_NAME', { kind: 'split', name, known: splitterNames.join(', ') })
  }
}

function requireFewFolds(groups: number, testGroups: number): void {
  let count = 1
  for (let i = 1; i <= testGroups; i++) count = (count * (groups - testGroups + i)) / i
  if (count > mostFolds) {
    throw noSplit(`${testGroups} test groups of ${groups} are ${count} folds; at most ${mostFolds} are made`)
  }
}

function noSplit(reason: string): BullpenError {
  return new BullpenError('USAGE', { reason })
}
