import { classColumn, logLoss, positivesOf } from '#core/evaluation'
import type { Reliability } from '#core/registry'
import { verdicts } from '#core/verdict'

/** Groups a class's rows are cut into, each of the same size within one: ten is the common choice. */
export const reliabilityGroups = 10

/** How far probabilities (rows x 3) are from what came of the rows (-1, 0, 1). */
export function reliabilityOf(probabilities: ArrayLike<number>, target: ArrayLike<number>): Reliability {
  return {
    rows: target.length,
    brier: brierScore(probabilities, target),
    ece: expectedCalibrationError(probabilities, target),
    logLoss: logLoss(probabilities, target),
  }
}

/** Mean over rows of the summed squared distance to the outcome, in [0, 2] (Brier 1950). */
export function brierScore(probabilities: ArrayLike<number>, target: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < target.length; i++) {
    for (let c = 0; c < verdicts.length; c++) {
      const outcome = target[i]! + 1 === c ? 1 : 0
      sum += (probabilities[i * verdicts.length + c]! - outcome) ** 2
    }
  }
  return sum / target.length
}

/**
 * Classwise expected calibration error in [0, 1]: the distance between mean probability and frequency in each of
 * {@link reliabilityGroups} groups of equal size by probability, averaged over groups and then over the three classes
 * (Naeini et al. 2015; Kull et al. 2019).
 */
export function expectedCalibrationError(probabilities: ArrayLike<number>, target: ArrayLike<number>): number {
  const errors = verdicts.map((_, c) => {
    const groups = reliabilityGroupsOf(classColumn(probabilities, c), positivesOf(target, c), reliabilityGroups)
    return groups.reduce((sum, { predicted, observed, rows }) => sum + rows * Math.abs(predicted - observed), 0)
  })
  return errors.reduce((sum, error) => sum + error, 0) / (verdicts.length * target.length)
}

/** Rows of similar probability: their mean probability and how often it came true. */
export interface ReliabilityGroup {
  readonly predicted: number
  readonly observed: number
  readonly rows: number
}

/** At most `groups` groups of equal size, from the lowest probability up; equal probabilities go by row. */
export function reliabilityGroupsOf(
  predicted: Float64Array,
  positives: Uint8Array,
  groups: number,
): ReliabilityGroup[] {
  const order = Uint32Array.from(predicted.keys()).sort((a, b) => predicted[a]! - predicted[b]! || a - b)
  const size = order.length / groups
  return Array.from({ length: groups }, (_, g) => order.subarray(Math.round(g * size), Math.round((g + 1) * size)))
    .filter((rows) => rows.length > 0)
    .map((rows) => ({
      predicted: rows.reduce((sum, row) => sum + predicted[row]!, 0) / rows.length,
      observed: rows.reduce((sum, row) => sum + positives[row]!, 0) / rows.length,
      rows: rows.length,
    }))
}
