import { runningMean } from '../trial.ts'
import type { Pruner } from './pruner.ts'

/** One in this many goes on at each rung. */
const reduction = 2

/**
 * Asynchronous successive halving with folds as the resource (Li et al. 2020, "A system for massively parallel
 * hyperparameter tuning"): rungs after 1, 2, 4, ... folds; at a rung only the better half of the trials seen to reach
 * it, complete or pruned, goes on.
 */
export const successiveHalvingPruner: Pruner = {
  name: 'successive-halving',
  threshold(visible, folds) {
    if (!Number.isInteger(Math.log2(folds))) return null
    const reached = visible.filter((trial) => trial.state !== 'failed' && trial.foldScores.length >= folds)
    const survivors = Math.floor(reached.length / reduction)
    if (survivors === 0) return null
    const means = reached.map((trial) => runningMean(trial.foldScores, folds)).sort((a, b) => b - a)
    return means[survivors - 1]!
  },
}
