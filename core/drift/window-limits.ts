/**
 * The limit that a statistic of a new window passes with a chance of at most `rate`, when the new window is as likely
 * as any of the training windows to have had each of their values: the ceil((m+1)(1-rate))-th smallest of m (a
 * conformal p-value, Vovk et al. 2005). With too few windows for that rate the largest is the limit, whose rate 1/(m+1)
 * is answered in its place. Values that drift within the training window widen it: what has been is no alarm.
 */
export function limitOf(values: readonly number[], rate: number): { readonly limit: number; readonly rate: number } {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = Math.ceil((sorted.length + 1) * (1 - rate))
  if (rank <= sorted.length) return { limit: sorted[rank - 1]!, rate }
  return { limit: sorted.at(-1)!, rate: 1 / (sorted.length + 1) }
}
