import { blockBootstrapOfSums, type BootstrapOptions } from '#core/evaluation'
import type { MeasuredDifference } from '#core/registry'
import { studentQuantile } from './student-quantile.ts'

/**
 * The mean of paired differences with an interval each end of which is passed by chance with probability 1 - `level`:
 * estimate -+ t x standard error, the error from a moving-block bootstrap, t from Student's distribution with one
 * degree of freedom less than there are whole blocks (Efron & Tibshirani 1993, "An Introduction to the Bootstrap",
 * 12.3). Percentiles of the resamples would need a hundred times as many draws at the levels a correction for
 * thousands of trials asks for, and with ten blocks they are too narrow.
 *
 * `challenger` and `champion` are values of the same rows, higher is better; `scale` multiplies all of it.
 */
export function differenceInterval(
  challenger: Float64Array,
  champion: Float64Array,
  { level, scale = 1, ...options }: BootstrapOptions & { readonly level: number; readonly scale?: number },
): MeasuredDifference {
  const rows = challenger.length
  const blocks = Math.floor(rows / options.block)
  const differences = challenger.map((value, row) => value - champion[row]!)
  const mean = (sums: Float64Array): number => sums[0]! / rows
  const { draws } = blockBootstrapOfSums([differences], { ...options, statistic: mean })
  // Resamples of k blocks vary by (k-1)/k of what they stand for, as the plain bootstrap of k values does.
  const error = standardDeviation(draws) * Math.sqrt(blocks / (blocks - 1))
  const margin = studentQuantile(level, blocks - 1) * error
  const difference = meanOf(differences)
  return {
    challenger: meanOf(challenger) * scale,
    champion: meanOf(champion) * scale,
    difference: difference * scale,
    lower: (difference - margin) * scale,
    upper: (difference + margin) * scale,
    level,
  }
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function standardDeviation(values: Float64Array): number {
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}
