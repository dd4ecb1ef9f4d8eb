import { normalCdf, normalQuantile } from '#core/random'

/** A Sharpe ratio as it was measured. */
export interface MeasuredSharpe {
  /** Of one bar, not annualised. */
  readonly sharpe: number
  /** Number of returns it was measured on. */
  readonly returns: number
  readonly skewness: number
  /** 3 for a normal. */
  readonly kurtosis: number
}

/** How many strategies were tried before the one that is shown, and how their Sharpe ratios of one bar spread. */
export interface TrialSpread {
  /** 1 or more. */
  readonly trials: number
  readonly variance: number
}

const eulerMascheroni = 0.5772156649015329

/**
 * Probability that the true Sharpe ratio exceeds `benchmark`, given skewness, fat tails and the length of the record
 * (Bailey & Lopez de Prado 2012, "The Sharpe ratio efficient frontier", eq. 11). All ratios are of one bar. In [0, 1].
 */
export function probabilisticSharpe(measured: MeasuredSharpe, benchmark: number): number {
  const { sharpe, returns, skewness, kurtosis } = measured
  const spread = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2
  if (!(spread > 0)) return sharpe > benchmark ? 1 : 0
  return normalCdf(((sharpe - benchmark) * Math.sqrt(returns - 1)) / Math.sqrt(spread))
}

/**
 * Sharpe ratio that the best of so many trials without skill is expected to show (Bailey & Lopez de Prado 2014, "The
 * deflated Sharpe ratio", eq. 1): 0 for a single trial.
 */
export function expectedBestSharpe({ trials, variance }: TrialSpread): number {
  if (trials <= 1) return 0
  const quantiles =
    (1 - eulerMascheroni) * normalQuantile(1 - 1 / trials) + eulerMascheroni * normalQuantile(1 - 1 / (trials * Math.E))
  return Math.sqrt(variance) * quantiles
}

/** Deflated Sharpe ratio: {@link probabilisticSharpe} against the best of the trials without skill. In [0, 1]. */
export function deflatedSharpe(measured: MeasuredSharpe, spread: TrialSpread): number {
  return probabilisticSharpe(measured, expectedBestSharpe(spread))
}

/**
 * Variance of the Sharpe ratios of trials where only their number is known: that of measuring a true ratio of 0 on so
 * many returns, as if trials were independent, which makes the hurdle higher than related trials would.
 */
export function varianceWithoutSkill(returns: number): number {
  return 1 / (returns - 1)
}
