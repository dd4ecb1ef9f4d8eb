import { expect, test } from '@jest/globals'
import { calibrationKinds, crossFitted, fitCalibration, reliabilityOf, type AnsweredRows } from '#core/calibration'
import { calibrated } from '#core/model'
import { Random } from '#core/random'

/** Answers that are twice as sure as the truth. */
function overconfident(rows: number, seed: number): AnsweredRows {
  const random = Random.of(seed, 'overconfident')
  const probabilities = new Float64Array(rows * 3)
  const target = new Int8Array(rows)
  for (let i = 0; i < rows; i++) {
    const lean = [random.normal(), random.normal(), random.normal()]
    const truth = softmax(lean)
    const draw = random.uniform()
    target[i] = draw < truth[0]! ? -1 : draw < truth[0]! + truth[1]! ? 0 : 1
    probabilities.set(softmax(lean.map((value) => 2 * value)), i * 3)
  }
  return {
    rows: Uint32Array.from({ length: rows }, (_, i) => i),
    probabilities,
    target,
    weight: new Float64Array(rows).fill(1),
  }
}

function softmax(lean: readonly number[]): number[] {
  const weights = lean.map(Math.exp)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

const halves = (rows: number) => {
  const all = Uint32Array.from({ length: rows }, (_, i) => i)
  const [first, second] = [all.slice(0, rows / 2), all.slice(rows / 2)]
  return [
    { fit: first, apply: second },
    { fit: second, apply: first },
  ]
}

test.each(['isotonic', 'platt'] as const)('%s mends overconfidence on rows it was not fitted on', (kind) => {
  const fresh = overconfident(4000, 2)
  const before = reliabilityOf(fresh.probabilities, fresh.target)
  const mended = calibrated(fitCalibration(kind, overconfident(4000, 1)), fresh.probabilities)
  const after = reliabilityOf(mended, fresh.target)
  expect(after.logLoss).toBeLessThan(before.logLoss - 0.05)
  expect(after.brier).toBeLessThan(before.brier - 0.01)
  expect(after.ece).toBeLessThan(before.ece / 2)
})

test.each(calibrationKinds)('cross-fitted %s uses for no row the row itself', (kind) => {
  const answered = overconfident(400, 3)
  const parts = halves(400)
  const once = crossFitted(kind, answered, parts)
  const flipped = { ...answered, target: answered.target.slice() }
  flipped.target[7] = answered.target[7] === 1 ? -1 : 1
  const again = crossFitted(kind, flipped, parts)
  expect(again.subarray(0, 600)).toEqual(once.subarray(0, 600))
  if (kind !== 'none') expect(again.subarray(600)).not.toEqual(once.subarray(600))
})

test('perfect, wrong and evenly spread answers have the scores their formulas give', () => {
  const target = [-1, 0, 1, 1]
  const perfect = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1]
  expect(reliabilityOf(perfect, target)).toMatchObject({ brier: 0, ece: 0 })
  const wrong = [0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0]
  expect(reliabilityOf(wrong, target).brier).toBe(2)
  const even = reliabilityOf(Array<number>(12).fill(1 / 3), target)
  expect(even.brier).toBeCloseTo(2 / 3, 12)
  expect(even.logLoss).toBeCloseTo(Math.log(3), 12)
})
