/** A year of a market that never closes. */
const yearMs = 365.25 * 86_400_000

/** Bars of this width in a year. */
export function barsPerYear(widthMs: number): number {
  return yearMs / widthMs
}

/** Years that a span of ms lasts. */
export function yearsOf(ms: number): number {
  return ms / yearMs
}

/** Return of each bar after the first, a fraction; 0 once everything is lost. */
export function barReturns(equity: ArrayLike<number>): Float64Array {
  const returns = new Float64Array(Math.max(0, equity.length - 1))
  for (let t = 0; t < returns.length; t++) if (equity[t]! > 0) returns[t] = equity[t + 1]! / equity[t]! - 1
  return returns
}

/** Sharpe ratio of one bar, from the sum and the sum of squares of `count` returns; 0 when they do not vary. */
export function sharpeOfSums(sum: number, squares: number, count: number): number {
  const mean = sum / count
  const variance = (squares - sum * mean) / (count - 1)
  // What is left of equal returns by rounding is no variance.
  return variance > 1e-14 * (squares / count) ? mean / Math.sqrt(variance) : 0
}

/** Sharpe ratio of one bar: mean over sample standard deviation, no riskless rate; times sqrt(bars a year) of a year. */
export function sharpeOf(returns: ArrayLike<number>): number {
  let sum = 0
  let squares = 0
  for (let t = 0; t < returns.length; t++) {
    sum += returns[t]!
    squares += returns[t]! * returns[t]!
  }
  return sharpeOfSums(sum, squares, returns.length)
}

/** Sortino ratio of one bar: mean over the root mean square of the losses, counted over all bars; 0 without a loss. */
export function sortinoOf(returns: Float64Array): number {
  const mean = returns.reduce((sum, r) => sum + r, 0) / returns.length
  const downside = Math.sqrt(returns.reduce((sum, r) => sum + Math.min(r, 0) ** 2, 0) / returns.length)
  return downside > 0 ? mean / downside : 0
}

/** Skewness and kurtosis (3 for a normal) of returns: moments about the mean over powers of the standard deviation. */
export function shapeOf(returns: Float64Array): { readonly skewness: number; readonly kurtosis: number } {
  const mean = returns.reduce((sum, r) => sum + r, 0) / returns.length
  const moment = (power: number) => returns.reduce((sum, r) => sum + (r - mean) ** power, 0) / returns.length
  const variance = moment(2)
  if (variance === 0) return { skewness: 0, kurtosis: 3 }
  return { skewness: moment(3) / variance ** 1.5, kurtosis: moment(4) / variance ** 2 }
}
