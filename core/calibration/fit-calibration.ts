import { classColumn, positivesOf } from '#core/evaluation'
import { calibrated, noCalibration, type Calibration } from '#core/model'
import { verdicts } from '#core/verdict'
import { pickAnswered, type AnsweredRows } from './answered-rows.ts'
import { fitCurve } from './isotonic.ts'
import { fitSigmoid } from './platt.ts'

/** Names {@link fitCalibration} knows. */
export const calibrationKinds = ['none', 'isotonic', 'platt'] as const

export type CalibrationKind = (typeof calibrationKinds)[number]

/** The calibration of that kind that fits what came of the rows: each class against the rest, by weight. */
export function fitCalibration(kind: CalibrationKind, answered: Omit<AnsweredRows, 'rows'>): Calibration {
  if (kind === 'none') return noCalibration
  const { probabilities, target, weight } = answered
  const columns = verdicts.map((_, c) => ({ scores: classColumn(probabilities, c), positives: positivesOf(target, c) }))
  return kind === 'isotonic'
    ? { kind, classes: columns.map(({ scores, positives }) => fitCurve(scores, positives, weight)) }
    : { kind, classes: columns.map(({ scores, positives }) => fitSigmoid(scores, positives, weight)) }
}

/** Positions among answered rows: a calibration is fitted on the first and applied to the second. */
export interface CrossFitPart {
  readonly fit: Uint32Array
  readonly apply: Uint32Array
}

/**
 * Calibrated probabilities in which no row had a say in its own map: each part is mapped by a calibration fitted on
 * other rows. Thresholds and measures that read these are not flattered by the fit. `parts` cover every row once.
 */
export function crossFitted(
  kind: CalibrationKind,
  answered: AnsweredRows,
  parts: readonly CrossFitPart[],
): Float64Array {
  if (kind === 'none') return answered.probabilities
  const out = new Float64Array(answered.probabilities.length)
  for (const { fit, apply } of parts) {
    const calibration = fitCalibration(kind, pickAnswered(answered, fit))
    const mapped = calibrated(calibration, pickAnswered(answered, apply).probabilities)
    apply.forEach((position, i) => {
      out.set(mapped.subarray(i * 3, i * 3 + 3), position * 3)
    })
  }
  return out
}
