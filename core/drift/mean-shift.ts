/** What a mean over some rows was at training time, and how much it may move. */
export interface MeanReference {
  readonly rows: number
  readonly mean: number
  /** Long-run variance: that of a mean of n rows, times n. Rows that share their future make it exceed the variance. */
  readonly longRunVariance: number
}

/**
 * Mean and long-run variance of rows in time order by Newey & West (1987, Econometrica 55): autocovariances up to `lags`
 * under Bartlett's weights, which keep it from being negative. Not below the plain variance: a negative
 * autocorrelation that a few hundred rows show is no promise.
 */
export function meanReference(values: ArrayLike<number>, lags: number): MeanReference {
  const rows = values.length
  const mean = meanOf(values)
  const autocovariance = (lag: number) => {
    let sum = 0
    for (let i = lag; i < rows; i++) sum += (values[i]! - mean) * (values[i - lag]! - mean)
    return sum / rows
  }
  const variance = autocovariance(0)
  let longRunVariance = variance
  for (let lag = 1; lag <= Math.min(lags, rows - 1); lag++) {
    longRunVariance += 2 * (1 - lag / (lags + 1)) * autocovariance(lag)
  }
  return { rows, mean, longRunVariance: Math.max(variance, longRunVariance) }
}

/**
 * How many standard errors the mean of new rows lies above the reference's. Both are estimates: the error is that of
 * their difference. 0 where nothing varies.
 */
export function meanShift(reference: MeanReference, values: ArrayLike<number>): number {
  const variance = reference.longRunVariance * (1 / reference.rows + 1 / values.length)
  const difference = meanOf(values) - reference.mean
  return variance === 0 ? 0 : difference / Math.sqrt(variance)
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}
