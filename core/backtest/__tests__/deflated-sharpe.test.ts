import { describe, expect, test } from '@jest/globals'
import { Random } from '#core/random'
import {
  deflatedSharpe,
  expectedBestSharpe,
  overfittingOf,
  probabilisticSharpe,
  searchOverfitting,
  sharpeOf,
} from '../index.ts'

/** The example of the paper: a yearly ratio of 2.5 over 1,250 daily returns (250 a year), spread 1/2 a year. */
const example = { sharpe: 2.5 / Math.sqrt(250), returns: 1250, skewness: -3, kurtosis: 10 }
const variance = 1 / 2 / 250

describe('the deflated Sharpe ratio', () => {
  test('gives the published figures', () => {
    expect(expectedBestSharpe({ trials: 100, variance })).toBeCloseTo(0.1132, 4)
    expect(deflatedSharpe(example, { trials: 100, variance })).toBeCloseTo(0.9004, 4)
    expect(deflatedSharpe(example, { trials: 46, variance })).toBeCloseTo(0.9505, 3)
    expect(deflatedSharpe({ ...example, skewness: 0, kurtosis: 3 }, { trials: 88, variance })).toBeCloseTo(0.9505, 3)
  })

  test('of one trial is the probabilistic one against zero', () => {
    expect(deflatedSharpe(example, { trials: 1, variance })).toBe(probabilisticSharpe(example, 0))
  })

  test('expects of the best of many what a simulation finds', () => {
    const random = Random.of('best of many', 1)
    const runs = 4000
    let sum = 0
    for (let run = 0; run < runs; run++) sum += Math.max(...Array.from({ length: 50 }, () => random.normal()))
    expect(expectedBestSharpe({ trials: 50, variance: 1 })).toBeCloseTo(sum / runs, 1)
  })
})

describe('the probability of overfitting', () => {
  const noise = (strategies: number, rows: number, seed: number) =>
    Array.from({ length: strategies }, (_, s) => {
      const random = Random.of('overfitting', seed, s)
      return Float64Array.from({ length: rows }, () => random.normal())
    })

  test('is what trying every half by hand gives', () => {
    for (let seed = 0; seed < 20; seed++) {
      const returns = noise(5, 26, seed)
      expect(overfittingOf(returns, 4).probability).toBeCloseTo(byHand(returns, 6), 12)
    }
  })

  test('is zero where one strategy is the best everywhere', () => {
    const returns = noise(10, 400, 1).map((each, s) => each.map((r) => r + (s === 3 ? 1 : 0)))
    expect(overfittingOf(returns).probability).toBe(0)
  })

  test('is one where the best of a half is the worst of the other', () => {
    // Strategy s gains in block s and loses in every other: whatever half it shines in, it is the worst of the rest.
    const returns = Array.from({ length: 4 }, (_, s) =>
      Float64Array.from({ length: 40 }, (__, t) => (Math.floor(t / 10) === s ? 10 : -1) + (t % 2) / 10),
    )
    expect(overfittingOf(returns, 4).probability).toBe(1)
  })

  test('is about a half where nothing has skill', () => {
    const probabilities = Array.from({ length: 20 }, (_, seed) => overfittingOf(noise(20, 200, seed), 8).probability)
    const mean = probabilities.reduce((sum, p) => sum + p, 0) / probabilities.length
    expect(mean).toBeGreaterThan(0.35)
    expect(mean).toBeLessThan(0.65)
  })

  test.each([
    ['a single strategy', noise(1, 100, 1), 4, 'nothing to choose'],
    ['an odd number of blocks', noise(2, 100, 1), 5, 'cannot be halved'],
    ['too few returns', noise(2, 7, 1), 4, 'do not fill'],
  ])('refuses %s', (_, returns, blocks, reason) => {
    expect(() => overfittingOf(returns, blocks)).toThrow(reason)
  })
})

describe('the probability that a search overfits its folds', () => {
  test('of an odd number of folds the larger part chooses and the rest judges', () => {
    // By folds {0, 1} the first is chosen and is the best of fold 2; by {0, 2} and by {1, 2} the last, the worst of the third.
    const scores = [
      [0.6, 0.6, 0.5],
      [0.5, 0.5, 0.4],
      [0.4, 0.4, 0.9],
    ]
    const { probability, logits } = searchOverfitting(scores)
    expect(Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit)))).toEqual(
      [0.5, 0.25, 0.25].map((w) => expect.closeTo(w, 9)),
    )
    expect(probability).toBe(1)
  })

  test.each([
    ['a single trial', [[0.5, 0.5]], 'nothing to choose'],
    ['a single fold', [[0.5], [0.6]], 'cannot be parted'],
    ['trials of different folds', [[0.5, 0.5], [0.6]], 'differ in folds'],
  ])('refuses %s', (_, scores, reason) => {
    expect(() => searchOverfitting(scores)).toThrow(reason)
  })
})

/** The definition, spelled out for 4 blocks of `size` rows. */
function byHand(returns: readonly Float64Array[], size: number): number {
  const halves = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].filter((b) => b > a).map((b) => [a, b]))
  const rowsOf = (each: Float64Array, blocks: readonly number[]) =>
    blocks.flatMap((block) => [...each.subarray(block * size, (block + 1) * size)])
  const overfitted = halves.filter((half) => {
    const rest = [0, 1, 2, 3].filter((block) => !half.includes(block))
    const inside = returns.map((each) => sharpeOf(rowsOf(each, half)))
    const outside = returns.map((each) => sharpeOf(rowsOf(each, rest)))
    const chosen = outside[inside.indexOf(Math.max(...inside))]!
    const rank = outside.filter((value) => value <= chosen).length
    return rank / (returns.length + 1) <= 0.5
  })
  return overfitted.length / halves.length
}
