import type { CalibrationCurve } from '#core/model'

/**
 * The non-decreasing numbers closest to `y` in weighted squares: pool adjacent violators (Ayer et al. 1955; Barlow et
 * al. 1972), linear in the rows. Weights are positive. The weighted mean of the result is that of `y`.
 */
export function isotonicRegression(y: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const sums: number[] = []
  const masses: number[] = []
  const lengths: number[] = []
  for (let i = 0; i < y.length; i++) {
    sums.push(y[i]! * weights[i]!)
    masses.push(weights[i]!)
    lengths.push(1)
    while (sums.length > 1 && meanAt(sums, masses, sums.length - 2) >= meanAt(sums, masses, sums.length - 1)) {
      const [sum, mass, length] = [sums.pop()!, masses.pop()!, lengths.pop()!]
      const top = sums.length - 1
      sums[top]! += sum
      masses[top]! += mass
      lengths[top]! += length
    }
  }
  const out = new Float64Array(y.length)
  let at = 0
  lengths.forEach((length, block) => {
    out.fill(meanAt(sums, masses, block), at, (at += length))
  })
  return out
}

/**
 * The curve from scores in [0, 1] to the frequency of `positives` (1 or 0) among rows of that score: isotonic regression
 * with equal scores taken as one (Zadrozny & Elkan 2002). Its values stay 1/(n+2) away from 0 and 1, n being the summed
 * weight: a stretch without a single positive row is no proof that there never is one (Laplace's rule of succession).
 */
export function fitCurve(
  scores: ArrayLike<number>,
  positives: ArrayLike<number>,
  weights: ArrayLike<number>,
): CalibrationCurve {
  const { score, share, mass } = pooled(scores, positives, weights)
  const fitted = isotonicRegression(share, mass)
  const least = 1 / (mass.reduce((sum, value) => sum + value, 0) + 2)
  const x: number[] = []
  const y: number[] = []
  fitted.forEach((value, i) => {
    // The two ends of a level stretch are enough to draw it.
    if (i > 0 && i < fitted.length - 1 && value === fitted[i - 1] && value === fitted[i + 1]) return
    x.push(score[i]!)
    y.push(Math.min(1 - least, Math.max(least, value)))
  })
  return { x, y }
}

/** Distinct scores ascending, each with its weighted share of positive rows and its weight. */
function pooled(scores: ArrayLike<number>, positives: ArrayLike<number>, weights: ArrayLike<number>) {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[a]! - scores[b]! || a - b,
  )
  const score: number[] = []
  const mass: number[] = []
  const positive: number[] = []
  for (const row of order) {
    if (score.at(-1) !== scores[row]) {
      score.push(scores[row]!)
      mass.push(0)
      positive.push(0)
    }
    mass[mass.length - 1]! += weights[row]!
    positive[positive.length - 1]! += weights[row]! * positives[row]!
  }
  return { score, share: positive.map((sum, i) => sum / mass[i]!), mass }
}

function meanAt(sums: readonly number[], masses: readonly number[], block: number): number {
  return sums[block]! / masses[block]!
}
