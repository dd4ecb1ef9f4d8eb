import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { airyRange, parallelCoordinates, trialHistory, varyingAxes, type DrawnTrial, type Paint } from '#charts'

const names = ['panel', 'ink', 'muted', 'axis', 'grid', 'buy', 'sell', 'hold', 'accent'] as const
const paint = Object.fromEntries(names.map((name) => [name, name])) as Paint

const score = fc.double({ min: 0.3, max: 1, noNaN: true })
const drawn = fc.oneof(
  fc.record({ state: fc.constant('complete' as const), score }),
  fc.record({ state: fc.constant('pruned' as const), score: fc.option(score) }),
  fc.record({ state: fc.constant('failed' as const), score: fc.constant(null) }),
)
const trialsOf = fc
  .array(fc.tuple(drawn, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 40 })
  .map((all): DrawnTrial[] => all.map(([trial, depth], number) => ({ ...trial, number, parameters: { depth } })))

const bestOf = (trials: readonly DrawnTrial[]) => {
  const complete = trials.filter(({ state }) => state === 'complete')
  return complete.sort((a, b) => b.score! - a.score!)[0]?.number
}

test('an axis holds every value, and ends on its steps', () => {
  fc.assert(
    fc.property(fc.array(score, { minLength: 1 }), fc.constantFrom(0.002, 0.005, 0.05), (values, step) => {
      const { min, max } = airyRange(values, step)
      expect(min).toBeLessThan(Math.min(...values))
      expect(max).toBeGreaterThan(Math.max(...values))
      for (const end of [min, max]) expect(end / step).toBeCloseTo(Math.round(end / step), 6)
    }),
  )
  expect(airyRange([], 0.1)).toEqual({ min: 0, max: 1 })
})

test('each trial is drawn once in the history, on its score or on the floor, and the best so far never falls', () => {
  fc.assert(
    fc.property(trialsOf, (trials) => {
      const { series, yAxis } = trialHistory({ trials, best: bestOf(trials), naive: 0.5 }, paint)
      const [bestLine, naive, complete, pruned, failed, marked] = series.map(({ data }) => data)
      const points = [...complete!, ...pruned!, ...failed!].sort(([a], [b]) => a! - b!)
      expect(points).toEqual(trials.map((trial) => [trial.number, trial.score ?? yAxis.min]))
      const levels = bestLine!.map(([, level]) => level!)
      expect(levels).toEqual([...levels].sort((a, b) => a - b))
      expect(naive!.map(([, level]) => level)).toEqual([0.5, 0.5])
      expect(marked!.map(([number]) => number)).toEqual([bestOf(trials) ?? []].flat())
    }),
  )
})

test('each trial is one line across the parameters that varied, the marked one on top', () => {
  fc.assert(
    fc.property(trialsOf, fc.boolean(), (trials, stacked) => {
      const axes = varyingAxes(trials)
      const best = bestOf(trials)
      const of = { trials, axes, best, scoreName: 'AUC', stacked, nameWidth: 80 }
      const { series, parallelAxis } = parallelCoordinates(of, paint)
      expect(parallelAxis).toHaveLength(axes.length + 1)
      expect(series.flatMap(({ data }) => data)).toHaveLength(trials.length)
      const top = trials.filter(({ number }) => number === best).map((trial) => trial.score)
      expect(series.at(-1)!.data.map((line) => line.at(-1))).toEqual(top)
    }),
  )
})
