import { expect, test } from '@jest/globals'
import { Random } from '#core/random'
import { bestTrial, sampler, visibleTrials, type FinishedTrial, type Parameters, type SearchSpace } from '../index.ts'

/** A problem to maximise; `truth` is what `score` measures with noise. */
interface Problem {
  readonly space: SearchSpace
  readonly trials: number
  truth(point: Parameters): number
  noise: number
}

/** Minimum 0.397887 at three places (Dixon & Szego 1978). */
const branin: Problem = {
  space: { name: 'branin', dimensions: { x: real(-5, 10), y: real(0, 15) } },
  trials: 60,
  noise: 0,
  truth(point) {
    const [x, y] = [Number(point['x']), Number(point['y'])]
    const bowl = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6
    return -(bowl ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10)
  },
}

/** Minimum -3.32237 (Dixon & Szego 1978). */
const hartmann6: Problem = {
  space: {
    name: 'hartmann6',
    dimensions: Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`x${i}`, real(0, 1)])),
  },
  trials: 80,
  noise: 0,
  truth(point) {
    const x = Object.values(point).map(Number)
    const alpha = [1, 1.2, 3, 3.2]
    const a = [
      [10, 3, 17, 3.5, 1.7, 8],
      [0.05, 10, 17, 0.1, 8, 14],
      [3, 3.5, 1.7, 10, 17, 8],
      [17, 8, 0.05, 10, 0.1, 14],
    ]
    const p = [
      [1312, 1696, 5569, 124, 8283, 5886],
      [2329, 4135, 8307, 3736, 1004, 9991],
      [2348, 1451, 3522, 2883, 3047, 6650],
      [4047, 8828, 8732, 5743, 1091, 381],
    ]
    return alpha.reduce((sum, weight, i) => {
      const distance = x.reduce((d, value, j) => d + a[i]![j]! * (value - p[i]![j]! / 10000) ** 2, 0)
      return sum + weight * Math.exp(-distance)
    }, 0)
  },
}

/** A search like that for a booster: log, step and choice dimensions, and scores with noise. */
const noisyMixed: Problem = {
  space: {
    name: 'noisy-mixed',
    dimensions: {
      rate: { kind: 'real', low: 1e-4, high: 1, scale: 'log' },
      depth: { kind: 'step', low: 1, high: 12, step: 1 },
      share: real(0, 1),
      kind: { kind: 'choice', values: ['a', 'b', 'c', 'd'] },
    },
  },
  trials: 60,
  noise: 0.1,
  truth: (point) =>
    -((Math.log10(Number(point['rate'])) + 2) ** 2) -
    (Number(point['depth']) - 7) ** 2 / 10 -
    4 * (Number(point['share']) - 0.3) ** 2 -
    ({ a: 1, b: 0.5, c: 0, d: 2 }[String(point['kind'])] ?? 0),
}

test.each([branin, hartmann6, noisyMixed])(
  'TPE finds a better optimum than random search on $space.name',
  (problem) => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed)
    const tpe = seeds.map((seed) => search('tpe', problem, seed))
    const random = seeds.map((seed) => search('random', problem, seed))
    expect(median(tpe)).toBeGreaterThan(median(random))
    const won = seeds.filter((seed) => tpe[seed]! > random[seed]!).length
    expect(won).toBeGreaterThanOrEqual(13)
  },
)

/** The true value of what a whole search, in batches of four one behind, calls best. */
function search(name: string, problem: Problem, seed: number): number {
  const trials: FinishedTrial[] = []
  for (let number = 0; number < problem.trials; number++) {
    const visible = visibleTrials(trials, number, { batchSize: 4, lag: 1 })
    const parameters = sampler(name).suggest(number, visible, problem.space, seed)
    const score = problem.truth(parameters) + problem.noise * Random.of(seed, 'noise', number).normal()
    trials.push({ number, state: 'complete', parameters, score, foldScores: [score] })
  }
  return problem.truth(bestTrial(trials)!.parameters)
}

function real(low: number, high: number) {
  return { kind: 'real', low, high, scale: 'linear' } as const
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}
