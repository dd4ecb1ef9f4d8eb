import { logit, type CalibrationSigmoid } from '#core/model'

/** Newton steps at most; from the start below it takes fewer than ten. */
const mostSteps = 100
const gradientTolerance = 1e-9
/** Keeps the Hessian invertible (Lin, Lin & Weng 2007, algorithm 1). */
const ridge = 1e-12
const leastStep = 1e-10

/**
 * The sigmoid of a score's log odds that fits `positives` (1 or 0) best in log loss: Platt (1999) with the targets and
 * the Newton method with backtracking of Lin, Lin & Weng (2007, Machine Learning 68). Platt's score is a margin; that
 * of a probability is its log odds, so slope 1 and intercept 0 change nothing. A fit that would fall is refused its
 * slope: it becomes level at the share of positive rows, because a map that turns the ranking round is no calibration.
 */
export function fitSigmoid(
  scores: ArrayLike<number>,
  positives: ArrayLike<number>,
  weights: ArrayLike<number>,
): CalibrationSigmoid {
  const odds = Float64Array.from(scores, logit)
  const { high, low, share } = smoothedTargets(positives, weights)
  const target = Float64Array.from(positives, (positive) => (positive === 1 ? high : low))
  const fitted = minimise(odds, target, weights, { slope: 0, intercept: logit(share) })
  return fitted.slope > 0 ? fitted : { slope: 0, intercept: logit(share) }
}

/** Targets just inside 0 and 1, and the share of positive rows by the rule of succession. */
function smoothedTargets(positives: ArrayLike<number>, weights: ArrayLike<number>) {
  let yes = 0
  let no = 0
  for (let i = 0; i < positives.length; i++) {
    if (positives[i] === 1) yes += weights[i]!
    else no += weights[i]!
  }
  return { high: (yes + 1) / (yes + 2), low: 1 / (no + 2), share: (yes + 1) / (yes + no + 2) }
}

function minimise(
  odds: Float64Array,
  target: Float64Array,
  weights: ArrayLike<number>,
  start: CalibrationSigmoid,
): CalibrationSigmoid {
  let { slope, intercept } = start
  let loss = lossOf(odds, target, weights, slope, intercept)
  for (let step = 0; step < mostSteps; step++) {
    const { g1, g2, h11, h12, h22 } = derivatives(odds, target, weights, slope, intercept)
    if (Math.abs(g1) < gradientTolerance && Math.abs(g2) < gradientTolerance) break
    const determinant = h11 * h22 - h12 * h12
    const d1 = -(h22 * g1 - h12 * g2) / determinant
    const d2 = -(h11 * g2 - h12 * g1) / determinant
    const descent = g1 * d1 + g2 * d2
    let size = 1
    for (; size >= leastStep; size /= 2) {
      const next = lossOf(odds, target, weights, slope + size * d1, intercept + size * d2)
      if (next >= loss + 1e-4 * size * descent) continue
      slope += size * d1
      intercept += size * d2
      loss = next
      break
    }
    if (size < leastStep) break
  }
  return { slope, intercept }
}

/** Cross-entropy in nats, in the form that does not overflow. */
function lossOf(
  odds: Float64Array,
  target: Float64Array,
  weights: ArrayLike<number>,
  slope: number,
  intercept: number,
): number {
  let sum = 0
  for (let i = 0; i < odds.length; i++) {
    const z = slope * odds[i]! + intercept
    sum += weights[i]! * (Math.max(z, 0) - z * target[i]! + Math.log1p(Math.exp(-Math.abs(z))))
  }
  return sum
}

function derivatives(
  odds: Float64Array,
  target: Float64Array,
  weights: ArrayLike<number>,
  slope: number,
  intercept: number,
) {
  let [g1, g2, h11, h12, h22] = [0, 0, ridge, 0, ridge]
  for (let i = 0; i < odds.length; i++) {
    const x = odds[i]!
    const p = 1 / (1 + Math.exp(-(slope * x + intercept)))
    const error = weights[i]! * (p - target[i]!)
    const curvature = weights[i]! * p * (1 - p)
    g1 += error * x
    g2 += error
    h11 += curvature * x * x
    h12 += curvature * x
    h22 += curvature
  }
  return { g1, g2, h11, h12, h22 }
}
