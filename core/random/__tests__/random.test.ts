import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Random } from '../random.ts'

test('equal keys give equal streams and different keys do not', () => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), (seed, name) => {
      const draw = (random: Random) => Array.from({ length: 8 }, () => random.uint32())
      expect(draw(Random.of(seed, name))).toEqual(draw(Random.of(seed, name)))
      expect(draw(Random.of(seed, name))).not.toEqual(draw(Random.of(seed + 1, name)))
    }),
  )
})

test('the first numbers of a stream never change between releases', () => {
  const random = Random.of(42, 'trial', 7)
  expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([1345559642, 2414080514, 2239821757])
})

test('uniform numbers have the mean and variance of the unit interval', () => {
  const random = Random.of('moments')
  const draws = Array.from({ length: 100_000 }, () => random.uniform())
  const { mean, variance } = moments(draws)
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.005)
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002)
  expect(draws.every((x) => x >= 0 && x < 1)).toBe(true)
})

test('normal numbers have mean 0 and variance 1', () => {
  const random = Random.of('normal')
  const { mean, variance } = moments(Array.from({ length: 100_000 }, () => random.normal()))
  expect(Math.abs(mean)).toBeLessThan(0.02)
  expect(Math.abs(variance - 1)).toBeLessThan(0.03)
})

test('a permutation holds every index once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), (n, seed) => {
      const order = [...Random.of(seed).permutation(n)].sort((a, b) => a - b)
      expect(order).toEqual(Array.from({ length: n }, (_, i) => i))
    }),
  )
})

test('below is unbiased over a bound that does not divide 2^32', () => {
  const random = Random.of('below')
  const counts = [0, 0, 0]
  for (let i = 0; i < 30_000; i++) counts[random.below(3)]!++
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
})

function moments(draws: readonly number[]): { mean: number; variance: number } {
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
  return { mean, variance: draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length }
}
