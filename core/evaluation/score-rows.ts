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

/**
 * Every metric of some rows. `probabilities` is row-major rows x 3 (sell, hold, buy); `target` (-1, 0, 1) and `naive`
 * hold one value a row. Throws ONE_CLASS, naming `where`, when a class has no row; DATA_SET_INVALID for NaN.
 */
export function scoreRows(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  naive: ArrayLike<number>,
  where?: string,
): RowMetrics {
  return {
    rocAucOvrWeighted: rocAucOvrWeighted(probabilities, target, where),
    f1Weighted: f1Weighted(predictedTargets(probabilities), target),
    logLoss: logLoss(probabilities, target),
    naiveRocAucOvrWeighted: naiveRocAucOvrWeighted(naive, target, where),
  }
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
