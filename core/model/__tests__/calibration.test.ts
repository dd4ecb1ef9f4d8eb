import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { calibrated, classScore, noCalibration, type Calibration } from '#core/model'

const unit = fc.double({ min: 0, max: 1, noNaN: true })

const curve = fc
  .uniqueArray(unit, { minLength: 1, maxLength: 12 })
  .chain((x) => fc.tuple(fc.constant(x), fc.array(unit, { minLength: x.length, maxLength: x.length })))
  .map(([x, y]) => ({
    x: [...x].sort((a, b) => a - b),
    y: y.map((value) => Math.max(1e-9, value)).sort((a, b) => a - b),
  }))
const sigmoid = fc.record({
  slope: fc.double({ min: 0, max: 50, noNaN: true }),
  intercept: fc.double({ min: -50, max: 50, noNaN: true }),
})
const calibration: fc.Arbitrary<Calibration> = fc.oneof(
  fc.tuple(curve, curve, curve).map((classes) => ({ kind: 'isotonic' as const, classes })),
  fc.tuple(sigmoid, sigmoid, sigmoid).map((classes) => ({ kind: 'platt' as const, classes })),
)
const row = fc.tuple(unit, unit, unit).map((weights) => {
  const sum = weights[0] + weights[1] + weights[2]
  return sum === 0 ? [0, 1, 0] : weights.map((weight) => weight / sum)
})

test('calibrated rows are finite, lie in [0, 1] and sum to 1', () => {
  fc.assert(
    fc.property(calibration, fc.array(row, { minLength: 1, maxLength: 5 }), (chosen, rows) => {
      const out = calibrated(chosen, Float64Array.from(rows.flat()))
      for (let at = 0; at < out.length; at += 3) {
        const three = [...out.subarray(at, at + 3)]
        expect(three.every((p) => p >= 0 && p <= 1)).toBe(true)
        expect(three.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
      }
    }),
  )
})

test('the map of a class never puts a lower probability above a higher one', () => {
  fc.assert(
    fc.property(calibration, fc.nat({ max: 2 }), fc.array(unit, { minLength: 2, maxLength: 20 }), (chosen, c, ps) => {
      const mapped = [...ps].sort((a, b) => a - b).map((p) => classScore(chosen, c, p))
      expect(mapped).toEqual([...mapped].sort((a, b) => a - b))
    }),
    { numRuns: 300 },
  )
})

test('without a calibration the very array comes back', () => {
  const probabilities = Float64Array.of(0.2, 0.3, 0.5)
  expect(calibrated(noCalibration, probabilities)).toBe(probabilities)
})

test('a map that doubles the odds of buy gives what the hand computes, and leaves its input alone', () => {
  const even = { slope: 1, intercept: 0 }
  const chosen: Calibration = { kind: 'platt', classes: [even, even, { slope: 1, intercept: Math.log(2) }] }
  const input = Float64Array.of(0.25, 0.25, 0.5)
  const [sell, hold, buy] = calibrated(chosen, input)
  expect([sell, hold]).toEqual([expect.closeTo(0.25 / (0.5 + 2 / 3), 12), expect.closeTo(0.25 / (0.5 + 2 / 3), 12)])
  expect(buy).toBeCloseTo(2 / 3 / (0.5 + 2 / 3), 12)
  expect([...input]).toEqual([0.25, 0.25, 0.5])
})
