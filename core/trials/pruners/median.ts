import { runningMean } from '../trial.ts'
import type { Pruner } from './pruner.ts'

/** Complete trials needed before any is stopped. */
const startupTrials = 5

/**
 * Stops a trial that is below the median of complete trials at the same number of folds (Golovin et al. 2017, "Google
 * Vizier", median stopping rule; Optuna's `MedianPruner`).
 */
export const medianPruner: Pruner = {
  name: 'median',
  threshold(visible, folds) {
    const complete = visible.filter((trial) => trial.state === 'complete')
    if (complete.length < startupTrials) return null
    const means = complete.map((trial) => runningMean(trial.foldScores, folds)).sort((a, b) => a - b)
    const middle = means.length >> 1
    return means.length % 2 === 1 ? means[middle]! : (means[middle - 1]! + means[middle]!) / 2
  },
}
