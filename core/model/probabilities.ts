import type { BoosterParameters } from './booster.ts'

/**
 * Turns margins (rows x groups) into probabilities in place and returns the same array: softmax over each row for
 * `multi:softprob` (largest margin subtracted first, so nothing overflows), the logistic function for `binary:logistic`.
 */
export function marginsToProbabilities(
  objective: BoosterParameters['objective'],
  margins: Float64Array,
  groups: number,
): Float64Array {
  if (objective === 'binary:logistic') {
    for (let i = 0; i < margins.length; i++) margins[i] = 1 / (1 + Math.exp(-margins[i]!))
    return margins
  }
  for (let row = 0; row < margins.length; row += groups) {
    let largest = -Infinity
    for (let g = 0; g < groups; g++) largest = Math.max(largest, margins[row + g]!)
    let sum = 0
    for (let g = 0; g < groups; g++) sum += margins[row + g] = Math.exp(margins[row + g]! - largest)
    for (let g = 0; g < groups; g++) margins[row + g]! /= sum
  }
  return margins
}
