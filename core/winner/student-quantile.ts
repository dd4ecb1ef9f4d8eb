import { normalQuantile } from '#core/random'

/**
 * The value below which a Student t variable with `freedom` (5 or more) degrees of freedom lies with probability `p` in
 * (0, 1): four terms of the expansion about the normal quantile (Abramowitz & Stegun 1964, 26.7.5). Within 1 % from 9
 * degrees of freedom and 2 % from 7, down to a tail of 1e-4.
 */
export function studentQuantile(p: number, freedom: number): number {
  const z = normalQuantile(p)
  const s = z * z
  const terms = [
    (z * (s + 1)) / 4,
    (z * ((5 * s + 16) * s + 3)) / 96,
    (z * (((3 * s + 19) * s + 17) * s - 15)) / 384,
    (z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945)) / 92160,
  ]
  return terms.reduce((sum, term, i) => sum + term / freedom ** (i + 1), z)
}
