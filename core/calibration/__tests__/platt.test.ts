import { expect, test } from '@jest/globals'
import { fitSigmoid } from '#core/calibration'
import { Random } from '#core/random'

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))

/** Scores with outcomes drawn from the sigmoid of slope x logit + intercept. */
function planted(slope: number, intercept: number, rows: number, seed: number) {
  const random = Random.of(seed, 'platt')
  const odds = Array.from({ length: rows }, () => 2 * random.normal())
  const positives = odds.map((z) => (random.uniform() < sigmoid(slope * z + intercept) ? 1 : 0))
  return { scores: odds.map(sigmoid), positives, weights: odds.map(() => 1) }
}

test.each([
  [1, 0],
  [0.4, -0.7],
  [2.5, 1],
])('a planted sigmoid of slope %d and intercept %d is found', (slope, intercept) => {
  const { scores, positives, weights } = planted(slope, intercept, 20_000, 5)
  const fitted = fitSigmoid(scores, positives, weights)
  expect(Math.abs(fitted.slope - slope)).toBeLessThan(0.05 * (1 + slope))
  expect(Math.abs(fitted.intercept - intercept)).toBeLessThan(0.08)
})

test('the mean of the mapped scores is the mean of the smoothed targets, as the gradient in the intercept demands', () => {
  const { scores, positives, weights } = planted(0.5, 0.3, 400, 6)
  const { slope, intercept } = fitSigmoid(scores, positives, weights)
  const mapped = scores.map((p) => sigmoid(slope * Math.log(p / (1 - p)) + intercept))
  const yes = positives.filter((positive) => positive === 1).length
  const no = positives.length - yes
  const targets = (yes * (yes + 1)) / (yes + 2) + no / (no + 2)
  expect(mapped.reduce((sum, p) => sum + p, 0)).toBeCloseTo(targets, 6)
})

test('a score that ranks the wrong way round gives a level map at the share of positives', () => {
  const { scores, positives, weights } = planted(-1.5, 0, 1000, 7)
  const { slope, intercept } = fitSigmoid(scores, positives, weights)
  const share = positives.filter((positive) => positive === 1).length / 1000
  expect(slope).toBe(0)
  expect(sigmoid(intercept)).toBeCloseTo(share, 2)
})

test.each([
  ['separable', [0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]],
  ['all positive', [0.1, 0.2, 0.8, 0.9], [1, 1, 1, 1]],
  ['certain', [0, 0, 1, 1], [0, 0, 1, 1]],
  ['constant', [0.3, 0.3, 0.3, 0.3], [0, 1, 0, 1]],
])('%s rows give a finite map', (_, scores, positives) => {
  const { slope, intercept } = fitSigmoid(scores, positives, [1, 1, 1, 1])
  expect(Number.isFinite(slope) && Number.isFinite(intercept)).toBe(true)
})
