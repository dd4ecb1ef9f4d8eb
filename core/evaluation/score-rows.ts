import type { ScoreCard } from '#core/registry'
import { naiveRocAucOvrWeighted, rocAucOvrWeighted } from './ranking-metrics.ts'
import { f1Weighted, logLoss, predictedTargets } from './verdict-metrics.ts'

/** What is measured on the test rows of one fold. */
export interface RowMetrics {
  /** The objective of the search, in [0, 1]. */
  readonly rocAucOvrWeighted: number
  readonly f1Weighted: number
  /** Nats. */
  readonly logLoss: number
  /** What the single number C/P-1 reaches on the same rows: subtract it before speaking of skill. */
  readonly naiveRocAucOvrWeighted: number
}

/** What is scored: one entry a row, three probabilities (sell, hold, buy) a row. */
export interface ScoredRows {
  readonly probabilities: ArrayLike<number>
  /** -1, 0, 1. */
  readonly target: ArrayLike<number>
  /** C/P - 1. */
  readonly naive: ArrayLike<number>
  /** Sample weights above 0: overlapping labels tell the same thing several times over. Equal ones change nothing. */
  readonly weight: ArrayLike<number>
}

/**
 * Every metric of some rows, each row counting by its weight. Throws ONE_CLASS, naming `where`, when a class has no
 * row; DATA_SET_INVALID for NaN.
 */
export function scoreRows({ probabilities, target, naive, weight }: ScoredRows, where?: string): RowMetrics {
  const weights = weightsUnlessEqual(weight)
  return {
    rocAucOvrWeighted: rocAucOvrWeighted(probabilities, target, { where, weights }),
    f1Weighted: f1Weighted(predictedTargets(probabilities), target, weights),
    logLoss: logLoss(probabilities, target, weights),
    naiveRocAucOvrWeighted: naiveRocAucOvrWeighted(naive, target, { where, weights }),
  }
}

/** Equal weights are no weights: metrics then take the faster way and give the same bits as without. */
function weightsUnlessEqual(weight: ArrayLike<number>): ArrayLike<number> | undefined {
  for (let i = 1; i < weight.length; i++) if (weight[i] !== weight[0]) return weight
  return undefined
}

/** The score card of a set of `rows` rows: the metrics and the lift over the naive number. */
export function scoreCard(metrics: RowMetrics, rows: number): ScoreCard {
  return { rows, ...metrics, lift: metrics.rocAucOvrWeighted - metrics.naiveRocAucOvrWeighted }
}

/** Plain mean over folds, each fold counting once whatever its size (as scikit-learn's `cross_val_score().mean()`). */
export function meanMetrics(folds: readonly RowMetrics[]): RowMetrics {
  const mean = (of: (fold: RowMetrics) => number) => folds.reduce((sum, fold) => sum + of(fold), 0) / folds.length
  return {
    rocAucOvrWeighted: mean((fold) => fold.rocAucOvrWeighted),
    f1Weighted: mean((fold) => fold.f1Weighted),
    logLoss: mean((fold) => fold.logLoss),
    naiveRocAucOvrWeighted: mean((fold) => fold.naiveRocAucOvrWeighted),
  }
}
