import { expect, test } from '@jest/globals'
import { coverageOf, nonconformityThreshold } from '#core/calibration'
import { Random } from '#core/random'

/** Rows x 3 probabilities of a model that is overconfident, and exchangeable outcomes. */
function exchangeable(seed: number, rows: number) {
  const random = Random.of(seed, 'exchangeable')
  const probabilities = new Float64Array(rows * 3)
  const target = new Int8Array(rows)
  for (let i = 0; i < rows; i++) {
    const lean = [random.normal(), 0.5 * random.normal(), random.normal()]
    const softmax = (sharpness: number) => {
      const weights = lean.map((value) => Math.exp(sharpness * value))
      const sum = weights.reduce((total, weight) => total + weight, 0)
      return weights.map((weight) => weight / sum)
    }
    const [sell, hold] = softmax(1) as [number, number, number]
    const draw = random.uniform()
    target[i] = draw < sell ? -1 : draw < sell + hold ? 0 : 1
    probabilities.set(softmax(2), i * 3)
  }
  return { probabilities, target }
}

test.each([0.6, 0.8, 0.9])('sets chosen for a coverage of %d hold the true class as often on fresh rows', (wanted) => {
  const [seeds, calibrating, fresh] = [60, 400, 400]
  let held = 0
  let outside = 0
  for (let seed = 0; seed < seeds; seed++) {
    const chosen = exchangeable(seed, calibrating)
    const threshold = nonconformityThreshold(chosen.probabilities, chosen.target, wanted)
    const { probabilities, target } = exchangeable(10_000 + seed, fresh)
    const { coverage } = coverageOf(probabilities, target, threshold)
    held += coverage * fresh
    // One seed's coverage varies with both samples: variance p(1-p)(1/n + 1/m).
    if (Math.abs(coverage - wanted) > 3 * Math.sqrt(wanted * (1 - wanted) * (1 / calibrating + 1 / fresh))) outside++
  }
  const error = Math.sqrt(wanted * (1 - wanted) * (1 / calibrating + 1 / fresh))
  expect(Math.abs(held / (seeds * fresh) - wanted)).toBeLessThan((3 * error) / Math.sqrt(seeds) + 1 / (calibrating + 1))
  // 0.27 % of 60 seeds are expected outside three standard errors; four or more would be one case in 30,000.
  expect(outside).toBeLessThan(4)
})

test('too few rows to promise the coverage give the set of all classes', () => {
  const { probabilities, target } = exchangeable(1, 8)
  expect(nonconformityThreshold(probabilities, target, 0.9)).toBe(1)
  expect(coverageOf(probabilities, target, 1)).toEqual({ rows: 8, coverage: 1, single: 0, empty: 0, size: 3 })
})
