import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  averagePrecision,
  confusionMatrix,
  f1Weighted,
  logLoss,
  meanMetrics,
  naiveRocAucOvrWeighted,
  positivesOf,
  predictedTargets,
  rocAuc,
  rocAucOvrWeighted,
  rocCurve,
  scoreCard,
  scoreRows,
} from '../index.ts'

/** 60 rows with many equal scores, from a generator short enough to repeat in Python. */
const { target, raw, probabilities, naive } = sixtyRows()
const equal = new Float64Array(60).fill(1)

test('ranking metrics equal those of scikit-learn, ties included', () => {
  const scores = raw.map((row) => row[0]!)
  const known = { sell: [0.583732057416268, 0.4351523034462331], hold: [0.4389952153110048, 0.3280307673297517] }
  expect(rocAuc(scores, positivesOf(target, 0))).toBeCloseTo(known.sell[0]!, 14)
  expect(averagePrecision(scores, positivesOf(target, 0))).toBeCloseTo(known.sell[1]!, 14)
  expect(rocAuc(scores, positivesOf(target, 1))).toBeCloseTo(known.hold[0]!, 14)
  expect(averagePrecision(scores, positivesOf(target, 1))).toBeCloseTo(known.hold[1]!, 14)
})

test('a row of weight n counts as n rows', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 60, maxLength: 60 }), (weight) => {
      const repeated = weight.flatMap((times, row) => Array.from({ length: times }, () => row))
      const scored = scoreRows({ probabilities, target, naive, weight })
      const long = scoreRows({
        probabilities: repeated.flatMap((row) => Array.from(probabilities.slice(row * 3, row * 3 + 3))),
        target: repeated.map((row) => target[row]!),
        naive: repeated.map((row) => naive[row]!),
        weight: repeated.map(() => 1),
      })
      for (const name of Object.keys(long) as (keyof typeof long)[]) expect(scored[name]).toBeCloseTo(long[name], 10)
    }),
    { numRuns: 30 },
  )
})

test('equal weights change no bit, whatever they are', () => {
  const scored = (weight: number) => scoreRows({ probabilities, target, naive, weight: equal.map(() => weight) })
  expect(scored(0.3)).toEqual(scored(1))
})

test('weighted one-versus-rest area, F1, confusion matrix and log loss equal those of scikit-learn', () => {
  expect(rocAucOvrWeighted(probabilities, target)).toBeCloseTo(0.4683313397129186, 14)
  const predicted = predictedTargets(probabilities)
  expect(confusionMatrix(predicted, target)).toEqual([
    [8, 8, 6],
    [5, 8, 9],
    [6, 7, 3],
  ])
  expect(f1Weighted(predicted, target)).toBeCloseTo(0.3205186247940911, 14)
  expect(logLoss(probabilities, target)).toBeCloseTo(1.3138480109688009, 12)
  expect(naiveRocAucOvrWeighted(naive, target)).toBeCloseTo(0.4380781499202552, 14)
})

test('a number that leads the label ranks it with the fixed signs', () => {
  const follows = target.map((value, i) => value + naive[i]! / 10)
  expect(naiveRocAucOvrWeighted(follows, target)).toBe(1)
})

test('the ROC curve has one point a distinct score', () => {
  expect(rocCurve([0.9, 0.8, 0.8, 0.3, 0.3, 0.1], [1, 0, 1, 1, 0, 0])).toEqual([
    { threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 },
    { threshold: 0.9, falsePositiveRate: 0, truePositiveRate: 1 / 3 },
    { threshold: 0.8, falsePositiveRate: 1 / 3, truePositiveRate: 2 / 3 },
    { threshold: 0.3, falsePositiveRate: 2 / 3, truePositiveRate: 1 },
    { threshold: 0.1, falsePositiveRate: 1, truePositiveRate: 1 },
  ])
})

test('the area under the ROC curve is the share of pairs ranked right', () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(0, 1))
  fc.assert(
    fc.property(fc.array(row, { minLength: 2 }), (rows) => {
      const up = rows.filter(([, positive]) => positive === 1).map(([score]) => score)
      const down = rows.filter(([, positive]) => positive === 0).map(([score]) => score)
      fc.pre(up.length > 0 && down.length > 0)
      const won = up.flatMap((a) => down.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))
      const expected = won.reduce((sum: number, win) => sum + win, 0) / won.length
      const area = rocAuc(
        rows.map(([score]) => score),
        rows.map(([, positive]) => positive),
      )
      expect(area).toBeCloseTo(expected, 12)
    }),
  )
})

test('a class without rows is refused by name of the rows', () => {
  const noBuy = target.map((value) => Math.min(value, 0))
  expect(() => scoreRows({ probabilities, target: noBuy, naive, weight: equal }, 'fold 2')).toThrow(
    expect.objectContaining({ code: 'ONE_CLASS', details: { where: 'fold 2', only: 'sell and hold' } }),
  )
  expect(() => averagePrecision([1, 2], [0, 0])).toThrow(expect.objectContaining({ code: 'ONE_CLASS' }))
})

test('a score that is not a number is refused', () => {
  expect(() => rocAuc([1, NaN, 2], [1, 0, 1])).toThrow(expect.objectContaining({ code: 'DATA_SET_INVALID' }))
})

test('equal probabilities are a hold, and a certain wrong answer costs a bounded loss', () => {
  expect(Array.from(predictedTargets([1 / 3, 1 / 3, 1 / 3]))).toEqual([0])
  expect(logLoss([1, 0, 0], [1])).toBeCloseTo(34.54, 2)
})

test('a score card carries the lift over the naive number', () => {
  const metrics = scoreRows({ probabilities, target, naive, weight: equal })
  const card = scoreCard(meanMetrics([metrics, metrics]), 60)
  expect(card.rows).toBe(60)
  expect(card.lift).toBeCloseTo(0.4683313397129186 - 0.4380781499202552, 14)
})

function sixtyRows() {
  let x = 7
  const next = () => (x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff) / 2147483648
  const drawn = Array.from({ length: 60 }, () => Array.from({ length: 5 }, next))
  const raw = drawn.map((row) => row.slice(1, 4).map((u) => Math.floor(u * 10) / 10 + 0.05))
  return {
    target: drawn.map((row) => Math.floor(row[0]! * 3) - 1),
    raw,
    probabilities: raw.flatMap((row) => row.map((value) => value / (row[0]! + row[1]! + row[2]!))),
    naive: drawn.map((row) => row[4]! - 0.5),
  }
}
