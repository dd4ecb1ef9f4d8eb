import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { fitCurve, isotonicRegression } from '#core/calibration'

const rows = fc.array(
  fc.record({ y: fc.integer({ min: 0, max: 8 }).map((n) => n / 8), w: fc.integer({ min: 1, max: 4 }) }),
  { minLength: 1, maxLength: 8 },
)

/** The best non-decreasing step function by trying every way to cut the rows into blocks of their mean. */
function bruteForce(y: readonly number[], w: readonly number[]): number {
  let least = Infinity
  for (let cuts = 0; cuts < 2 ** (y.length - 1); cuts++) {
    let loss = 0
    let start = 0
    let before = -Infinity
    for (let end = 1; end <= y.length; end++) {
      if (end < y.length && (cuts & (1 << (end - 1))) === 0) continue
      const mass = w.slice(start, end).reduce((sum, value) => sum + value, 0)
      const mean = y.slice(start, end).reduce((sum, value, i) => sum + value * w[start + i]!, 0) / mass
      if (mean < before) loss = Infinity
      for (let i = start; i < end; i++) loss += w[i]! * (y[i]! - mean) ** 2
      before = mean
      start = end
    }
    least = Math.min(least, loss)
  }
  return least
}

test('pool adjacent violators finds the loss that trying every partition finds', () => {
  fc.assert(
    fc.property(rows, (sample) => {
      const y = sample.map((row) => row.y)
      const w = sample.map((row) => row.w)
      const loss = isotonicRegression(y, w).reduce((sum, value, i) => sum + w[i]! * (y[i]! - value) ** 2, 0)
      expect(loss).toBeCloseTo(bruteForce(y, w), 10)
    }),
  )
})

test('the fit never falls and keeps the weighted mean', () => {
  fc.assert(
    fc.property(rows, (sample) => {
      const w = sample.map((row) => row.w)
      const fitted = isotonicRegression(
        sample.map((row) => row.y),
        w,
      )
      const total = (values: ArrayLike<number>) => w.reduce((sum, weight, i) => sum + weight * values[i]!, 0)
      expect(total(fitted)).toBeCloseTo(total(sample.map((row) => row.y)), 10)
      expect([...fitted]).toEqual([...fitted].sort((a, b) => a - b))
    }),
  )
})

test('rows of equal score are one knot, whatever order they come in', () => {
  const curve = fitCurve([0.5, 0.2, 0.5, 0.9], [1, 0, 0, 1], [1, 1, 1, 1])
  expect(curve).toEqual(fitCurve([0.9, 0.5, 0.5, 0.2], [1, 0, 1, 0], [1, 1, 1, 1]))
  expect(curve).toEqual({ x: [0.2, 0.5, 0.9], y: [1 / 6, 0.5, 5 / 6] })
})

test('a weight of two counts like the row twice', () => {
  const twice = fitCurve([0.1, 0.1, 0.4, 0.6, 0.6], [1, 1, 0, 1, 1], [1, 1, 1, 1, 1])
  expect(fitCurve([0.1, 0.4, 0.6], [1, 0, 1], [2, 1, 2])).toEqual(twice)
})
