import { quantile } from '#core/evaluation'

/**
 * The verdicts of the naive number C/P-1 (features.md section 7.6), signs fixed: buy from `threshold` up, sell from
 * -threshold down, otherwise hold.
 */
export function naiveVerdicts(naive: ArrayLike<number>, threshold: number): Int8Array {
  return Int8Array.from(naive, (value) => (Math.abs(value) < threshold ? 0 : Math.sign(value)))
}

/** The median size of the naive number over rows known beforehand, so that it holds about half the time; 0 of none. */
export function naiveThreshold(before: ArrayLike<number>): number {
  const sizes = Float64Array.from(before, Math.abs).sort()
  return sizes.length === 0 ? 0 : quantile(sizes, 0.5)
}
