import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { countInto, fineBins, histogramOf, kolmogorovSmirnov, limitOf, stabilityIndex } from '#core/drift'
import { Random } from '#core/random'

function normals(rows: number, seed: number, shift = 0, scale = 1): Float64Array {
  const random = Random.of(seed, 'normals')
  return Float64Array.from({ length: rows }, () => shift + scale * random.normal())
}

/** The statistic of the samples themselves. */
function exactDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const share = (values: ArrayLike<number>, at: number) =>
    Array.from(values).filter((v) => v <= at).length / values.length
  return Math.max(...[...Array.from(a), ...Array.from(b)].map((at) => Math.abs(share(a, at) - share(b, at))))
}

const value = fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constant(NaN), fc.constantFrom(0, 1))
const values = fc.array(value, { minLength: 1, maxLength: 60 }).map((list) => Float64Array.from(list))

test('every value falls into one bin, missing ones into the last', () => {
  fc.assert(
    fc.property(values, values, (then, now) => {
      const { edges, counts } = histogramOf(then)
      const missing = now.filter(Number.isNaN).length
      const counted = countInto(edges, now)
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(now.length)
      expect(counted.at(-1)).toBe(missing)
      expect(counts).toHaveLength(edges.length + 2)
      expect([...edges]).toEqual([...new Set(edges)].sort((a, b) => a - b))
    }),
  )
})

test('equal shares have no distance, and no statistic is negative', () => {
  fc.assert(
    fc.property(values, values, (then, now) => {
      const { edges, counts } = histogramOf(then)
      const twice = counts.map((count) => 2 * count)
      expect(kolmogorovSmirnov(counts, twice)).toBeCloseTo(0, 12)
      expect(stabilityIndex(counts, countInto(edges, now))).toBeGreaterThanOrEqual(0)
      expect(kolmogorovSmirnov(counts, countInto(edges, now))).toBeLessThanOrEqual(1 + 1e-12)
    }),
  )
})

test('the distance at the edges is that of the samples but for the width of a bin', () => {
  for (const shift of [0, 0.3, 1]) {
    const [then, now] = [normals(800, 1), normals(200, 2, shift)]
    const { edges, counts } = histogramOf(then)
    const [atEdges, exact] = [kolmogorovSmirnov(counts, countInto(edges, now)), exactDistance(then, now)]
    expect(atEdges).toBeLessThanOrEqual(exact + 1e-12)
    expect(atEdges).toBeGreaterThan(exact - 2 / fineBins)
  }
})

test('the stability index of a shift in shares is what the formula gives', () => {
  const then = [...Array<number>(10).fill(100), 0]
  const now = [200, ...Array<number>(8).fill(100), 0, 0]
  const share = (count: number) => (count + 0.5) / 1005.5
  const expected =
    (share(200) - share(100)) * Math.log(share(200) / share(100)) +
    (share(0) - share(100)) * Math.log(share(0) / share(100))
  expect(stabilityIndex(then, now)).toBeCloseTo(expected, 12)
})

test('a limit is passed at the promised rate, or at the least that so many windows can promise', () => {
  const ninetyNine = Array.from({ length: 99 }, (_, i) => i + 1)
  expect(limitOf(ninetyNine, 0.05)).toEqual({ limit: 95, rate: 0.05 })
  expect(limitOf(ninetyNine, 0.01)).toEqual({ limit: 99, rate: 0.01 })
  expect(limitOf(ninetyNine.slice(0, 9), 0.01)).toEqual({ limit: 9, rate: 0.1 })
})
