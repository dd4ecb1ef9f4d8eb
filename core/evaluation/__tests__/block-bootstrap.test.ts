import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Random } from '#core/random'
import {
  blockBootstrapOfSums,
  movingBlockBootstrap,
  percentileInterval,
  quantile,
  shareAtMost,
} from '../block-bootstrap.ts'

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
const normals = (rows: number, ...keys: number[]) => {
  const random = Random.of('block-bootstrap-test', ...keys)
  return Float64Array.from({ length: rows }, () => random.normal())
}

describe('the moving-block bootstrap', () => {
  test('draws whole blocks of consecutive rows and cuts the last one', () => {
    const rows = Float64Array.from({ length: 11 }, (_, i) => i)
    movingBlockBootstrap([rows], {
      block: 4,
      draws: 50,
      seed: 1,
      statistic: ([sample]) => {
        expect(sample).toHaveLength(11)
        for (const [i, row] of sample!.entries()) if (i % 4 !== 0) expect(row).toBe(sample![i - 1]! + 1)
        return 0
      },
    })
  })

  test('draws the same rows of every series', () => {
    const values = normals(40)
    const { draws } = movingBlockBootstrap([values, values.map((value) => value + 3)], {
      block: 5,
      draws: 100,
      seed: 2,
      statistic: ([a, b]) => mean(b!) - mean(a!),
    })
    for (const draw of draws) expect(draw).toBeCloseTo(3, 12)
  })

  test('gives the same resamples for the same seed, others for another', () => {
    const of = (seed: number) =>
      blockBootstrapOfSums([normals(60)], { block: 7, draws: 30, seed, statistic: ([x]) => x! })
    expect(of(4)).toEqual(of(4))
    expect(of(4).draws).not.toEqual(of(5).draws)
  })

  test('is the same by sums as row by row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.nat(59),
        fc.nat(),
        (values, size, seed) => {
          const options = { block: 1 + (size % values.length), draws: 10, seed }
          const byRow = movingBlockBootstrap([values], { ...options, statistic: ([x]) => mean(x!) })
          const bySum = blockBootstrapOfSums([values], { ...options, statistic: ([sum], rows) => sum! / rows })
          expect(bySum.estimate).toBeCloseTo(byRow.estimate, 8)
          for (const [i, draw] of bySum.draws.entries()) expect(draw).toBeCloseTo(byRow.draws[i]!, 8)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('spreads as the mean of independent rows does, and knows better when rows repeat', () => {
    const independent = normals(500)
    const spread = (values: Float64Array, block: number) => {
      const { draws } = blockBootstrapOfSums([values], { block, draws: 400, seed: 3, statistic: ([s], n) => s! / n })
      const centre = mean(draws)
      return Math.sqrt(mean(draws.map((draw) => (draw - centre) ** 2)))
    }
    const ofTheMean = spread(independent, 1) * Math.sqrt(500)
    expect(ofTheMean).toBeGreaterThan(0.85)
    expect(ofTheMean).toBeLessThan(1.15)
    // Each value ten times in a row: a tenth of the information, a spread sqrt(10) times that of independent rows.
    const repeated = Float64Array.from({ length: 500 }, (_, i) => independent[Math.floor(i / 10)]!)
    expect(spread(repeated, 40) / spread(repeated, 1)).toBeGreaterThan(2)
  })

  test('covers the true mean about as often as it says', () => {
    let covered = 0
    for (let run = 0; run < 150; run++) {
      const noise = normals(400, run)
      // A moving average over 5 rows, mean zero.
      const values = Float64Array.from({ length: 396 }, (_, i) => mean(noise.subarray(i, i + 5)))
      const options = { block: 20, draws: 150, seed: run, statistic: ([s]: Float64Array, n: number) => s! / n }
      const { low, high } = percentileInterval(blockBootstrapOfSums([values], options), 0.9)
      if (low <= 0 && high >= 0) covered++
    }
    expect(covered / 150).toBeGreaterThan(0.8)
    expect(covered / 150).toBeLessThan(0.97)
  })

  test.each([
    ['a block longer than the series', [[1, 2, 3]], { block: 4, draws: 1 }],
    ['a block of no rows', [[1, 2, 3]], { block: 0, draws: 1 }],
    ['no resamples', [[1, 2, 3]], { block: 1, draws: 0 }],
    ['paired series of unequal length', [[1, 2], [1]], { block: 1, draws: 1 }],
    ['a value that is no number', [[1, NaN]], { block: 1, draws: 1 }],
  ])('refuses %s', (_, series, options) => {
    const statistic = () => 0
    expect(() => blockBootstrapOfSums(series, { ...options, seed: 1, statistic })).toThrow('bootstrap')
    expect(() => movingBlockBootstrap(series, { ...options, seed: 1, statistic })).toThrow('bootstrap')
  })
})

test('a quantile lies between order statistics', () => {
  expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile([1, 2, 4, 8], share))).toEqual([1, 1.75, 3, 5, 8])
  expect(percentileInterval({ draws: Float64Array.of(1, 2, 4, 8) }, 0.5)).toEqual({ low: 1.75, high: 5 })
  expect(shareAtMost({ draws: Float64Array.of(1, 2, 4, 8) }, 4)).toBe(0.75)
})
