import { verdicts } from '#core/verdict'

/** A non-decreasing curve through knots: `x` ascends strictly within [0, 1], `y` never falls and lies in (0, 1]. */
export interface CalibrationCurve {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** The logistic function of `slope` x logit(p) + `intercept`; `slope` is at least 0. Slope 1, intercept 0 is identity. */
export interface CalibrationSigmoid {
  readonly slope: number
  readonly intercept: number
}

/**
 * How the trees' probabilities become those that are answered, as data. Each class against the rest has a map of its
 * own, in class order, and the mapped row is divided by its sum (one-vs-rest; Zadrozny & Elkan 2002). The map never
 * reorders rows within a class; the division that follows may, because it also reads the other two classes.
 */
export type Calibration =
  | { readonly kind: 'none' }
  | { readonly kind: 'isotonic'; readonly classes: readonly CalibrationCurve[] }
  | { readonly kind: 'platt'; readonly classes: readonly CalibrationSigmoid[] }

/** The trees' probabilities as they are. */
export const noCalibration: Calibration = { kind: 'none' }

/**
 * Probabilities as answered, rows x 3 like `probabilities` (sell, hold, buy), which stays as it is; the very same array
 * for `none`. Finite, each in [0, 1], rows summing to 1; the same bits wherever it runs.
 */
export function calibrated(calibration: Calibration, probabilities: Float64Array): Float64Array {
  if (calibration.kind === 'none') return probabilities
  const classes = verdicts.length
  const out = new Float64Array(probabilities.length)
  for (let at = 0; at < out.length; at += classes) {
    let sum = 0
    for (let c = 0; c < classes; c++) sum += out[at + c] = classScore(calibration, c, probabilities[at + c]!)
    for (let c = 0; c < classes; c++) out[at + c]! /= sum
  }
  return out
}

/** The map of one class before the row is divided by its sum: never falls as `p` in [0, 1] rises, lies in (0, 1]. */
export function classScore(calibration: Calibration, classIndex: number, p: number): number {
  switch (calibration.kind) {
    case 'none':
      return p
    case 'isotonic':
      return onCurve(calibration.classes[classIndex]!, p)
    case 'platt':
      return onSigmoid(calibration.classes[classIndex]!, p)
  }
}

/** Natural logarithm of the odds; `p` is kept within 1e-9 of the ends, so that a certain row has finite odds. */
export function logit(p: number): number {
  const kept = Math.min(1 - 1e-9, Math.max(1e-9, p))
  return Math.log(kept / (1 - kept))
}

/** Below this no class is driven: the sum of a row stays a number to divide by. */
const leastScore = 1e-12

function onSigmoid({ slope, intercept }: CalibrationSigmoid, p: number): number {
  return Math.max(leastScore, 1 / (1 + Math.exp(-(slope * logit(p) + intercept))))
}

/** Straight lines between knots, level beyond the first and the last. */
function onCurve({ x, y }: CalibrationCurve, p: number): number {
  const last = x.length - 1
  if (p <= x[0]!) return y[0]!
  if (p >= x[last]!) return y[last]!
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (x[middle]! <= p) low = middle
    else high = middle
  }
  const share = (p - x[low]!) / (x[high]! - x[low]!)
  // Rounding may carry the sum a unit beyond the upper knot, which would make the curve fall there.
  return Math.min(y[high]!, y[low]! + share * (y[high]! - y[low]!))
}
