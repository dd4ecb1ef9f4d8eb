import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  bestTrial,
  pruner,
  rankTrials,
  sampler,
  samplerNames,
  searchSpace,
  searchSpaceNames,
  toBoosterParameters,
  visibleCount,
  visibleTrials,
  type FinishedTrial,
  type SearchSpace,
} from '../index.ts'
import { normalCdf, normalMass } from '#core/random'

const mixed: SearchSpace = {
  name: 'mixed',
  dimensions: {
    depth: { kind: 'step', low: 2, high: 11, step: 3 },
    rate: { kind: 'real', low: 1e-4, high: 1, scale: 'log' },
    share: { kind: 'real', low: -1, high: 1, scale: 'linear' },
    grower: { kind: 'choice', values: ['depth', 'leaf', 'none'] },
  },
}

test('every sampler stays inside its space', () => {
  const spaces = [mixed, ...searchSpaceNames.map(searchSpace)]
  fc.assert(
    fc.property(
      fc.constantFrom(...samplerNames),
      fc.constantFrom(...spaces),
      fc.nat(40),
      fc.nat(1000),
      (name, space, count, seed) => {
        const point = sampler(name).suggest(count, history(space, count, seed), space, seed)
        expect(Object.keys(point)).toEqual(Object.keys(space.dimensions))
        for (const [key, dimension] of Object.entries(space.dimensions)) {
          const value = point[key]!
          if (dimension.kind === 'choice') expect(dimension.values).toContain(value)
          else {
            expect(value).toBeGreaterThanOrEqual(dimension.low)
            expect(value).toBeLessThanOrEqual(dimension.high)
            if (dimension.kind === 'step') expect((Number(value) - dimension.low) % dimension.step).toBe(0)
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('a sampler repeats itself for the same seed and trial, and differs for another', () => {
  for (const name of samplerNames) {
    const suggest = (trial: number, seed: number) => sampler(name).suggest(trial, history(mixed, 20, 3), mixed, seed)
    expect(suggest(20, 1)).toEqual(suggest(20, 1))
    expect(suggest(20, 1)).not.toEqual(suggest(21, 1))
    expect(suggest(20, 1)).not.toEqual(suggest(20, 2))
  }
})

test('the order in which trials finished does not matter, nor do failed ones', () => {
  const seen = history(mixed, 30, 5)
  const failed: FinishedTrial = { number: 99, state: 'failed', parameters: {}, score: null, foldScores: [] }
  const suggest = (visible: readonly FinishedTrial[]) => sampler('tpe').suggest(30, visible, mixed, 1)
  expect(suggest([...seen].reverse())).toEqual(suggest(seen))
  expect(suggest([failed, ...seen])).toEqual(suggest(seen))
})

test('the grid visits each of its points once before it starts over', () => {
  const points = Array.from({ length: 125 }, (_, i) => sampler('grid').suggest(i, [], searchSpace('reference'), 1))
  expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(125)
})

test('a trial sees whole batches, one batch behind', () => {
  const rule = { batchSize: 4, lag: 1 }
  expect([0, 3, 4, 7, 8, 11, 12].map((number) => visibleCount(number, rule))).toEqual([0, 0, 0, 0, 4, 4, 8])
  expect([0, 4, 8].map((number) => visibleCount(number, { batchSize: 4, lag: 0 }))).toEqual([0, 4, 8])
  expect(visibleTrials(history(mixed, 12, 1).reverse(), 8, rule).map(({ number }) => number)).toEqual([0, 1, 2, 3])
})

test('the best trial is the highest score, ties to the lowest number', () => {
  const trials = [trial(2, [0.8]), trial(1, [0.8]), trial(0, [0.7]), trial(3, [0.9], 'pruned')]
  expect(bestTrial(trials)?.number).toBe(1)
  expect(rankTrials(trials).map(({ number }) => number)).toEqual([1, 2, 0])
  expect(bestTrial([trial(0, [], 'failed')])).toBeNull()
})

test('the median pruner stops what is below the median of five complete trials', () => {
  const seen = [0.5, 0.6, 0.7, 0.8, 0.9].map((score, i) => trial(i, [score, score + 0.1]))
  expect(pruner('median').threshold(seen, 1)).toBe(0.7)
  expect(pruner('median').threshold(seen, 2)).toBeCloseTo(0.75, 12)
  expect(pruner('median').threshold(seen.slice(1), 1)).toBeNull()
})

test('successive halving lets the better half go on at 1, 2, 4 folds', () => {
  const seen = [
    trial(0, [0.5], 'pruned'),
    trial(1, [0.6], 'pruned'),
    trial(2, [0.7, 0.1, 0.1]),
    trial(3, [0.8, 0.4, 0.4]),
  ]
  const halving = pruner('successive-halving')
  expect(halving.threshold(seen, 1)).toBe(0.7)
  expect(halving.threshold(seen, 2)).toBeCloseTo(0.6, 12)
  expect(halving.threshold(seen, 3)).toBeNull()
  expect(halving.threshold([], 1)).toBeNull()
})

test('booster parameters are the point over the defaults', () => {
  expect(toBoosterParameters({ rounds: 40, lambda: 2.5 }, { seed: 2 ** 31 + 7 })).toEqual({
    objective: 'multi:softprob',
    classes: 3,
    rounds: 40,
    learningRate: 0.3,
    maxDepth: 6,
    minChildWeight: 1,
    subsample: 1,
    colsampleByTree: 1,
    gamma: 0,
    lambda: 2.5,
    alpha: 0,
    maxBin: 64,
    seed: 7,
  })
  expect(toBoosterParameters({}, { seed: 1, classes: 2 }).objective).toBe('binary:logistic')
})

test('unknown names list the known ones', () => {
  for (const find of [searchSpace, sampler, pruner]) {
    expect(() => find('nothing')).toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }))
  }
})

test('the normal distribution function keeps its digits in the tails', () => {
  expect(normalCdf(0)).toBeCloseTo(0.5, 15)
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14)
  expect(normalCdf(-8) / 6.220960574271785e-16).toBeCloseTo(1, 7)
  expect(normalMass(8, 9) / 6.219831988e-16).toBeCloseTo(1, 6)
})

/** Random points with scores that depend on the point. */
function history(space: SearchSpace, count: number, seed: number): FinishedTrial[] {
  return Array.from({ length: count }, (_, number) => {
    const parameters = sampler('random').suggest(number, [], space, seed)
    const numbers = Object.values(parameters).map(Number).filter(Number.isFinite)
    const score = numbers.reduce((sum, value) => sum - Math.abs(value), 0)
    return { number, state: number % 5 === 4 ? 'pruned' : 'complete', parameters, score, foldScores: [score] }
  })
}

function trial(number: number, foldScores: number[], state: FinishedTrial['state'] = 'complete'): FinishedTrial {
  const score = state === 'failed' ? null : foldScores.reduce((sum, value) => sum + value, 0) / foldScores.length
  return { number, state, parameters: {}, score, foldScores }
}
