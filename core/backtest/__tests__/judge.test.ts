import { describe, expect, test } from '@jest/globals'
import {
  buyAndHold,
  defaultCosts,
  defaultRules,
  judgeStrategies,
  judgeThresholds,
  naiveThreshold,
  naiveVerdicts,
  noCosts,
  rankAmongRandom,
  targetPositions,
} from '../index.ts'
import { barsOf, randomProbabilities, walk } from './bars.ts'

const rows = 800
const bars = walk(rows, 7, 0.02)
const always = new Float64Array(rows).fill(1)
/** Knows whether the next bar rises: what no policy may be. */
const oracle = Float64Array.from({ length: rows }, (_, t) => (bars.close[t + 1]! > bars.open[t + 1]! ? 1 : 0))
const options = { costs: noCosts, benchmark: buyAndHold, resampling: { block: 20, draws: 500, seed: 1 } }
const strategies = [
  { name: 'oracle', targets: oracle },
  { name: buyAndHold, targets: always },
  { name: 'always hold', targets: new Float64Array(rows) },
]

describe('strategies side by side', () => {
  const [seer, held, flat] = judgeStrategies(bars, strategies, options)

  test('an oracle gains beyond doubt, and more than buying and holding', () => {
    expect(seer!.spread!.totalReturn.low).toBeGreaterThan(0)
    expect(seer!.spread!.chanceOfNoGain).toBe(0)
    expect(seer!.spread!.ahead!.low).toBeGreaterThan(0)
    expect(seer!.spread!.sharpe.low).toBeGreaterThan(1)
    expect(rankAmongRandom(bars, seer!, noCosts, { draws: 200, seed: 1 })).toBe(1)
  })

  test('a random walk that is held may have gained nothing', () => {
    expect(held!.spread!.ahead).toBeNull()
    const { low, high } = held!.spread!.totalReturn
    expect(low).toBeLessThan(held!.performance.totalReturn)
    expect(high).toBeGreaterThan(held!.performance.totalReturn)
    expect(held!.spread!.chanceOfNoGain).toBeGreaterThan(0.01)
  })

  test('never trading earns nothing for certain', () => {
    expect(flat!.spread).toMatchObject({ totalReturn: { low: 0, high: 0 }, chanceOfNoGain: 1 })
  })

  test('there is no interval where two blocks do not fit', () => {
    const few = barsOf([[1, 1], [1, 2], [2, 2]]) // prettier-ignore
    const [judged] = judgeStrategies(few, [{ name: 'one', targets: new Float64Array(3) }], options)
    expect(judged!.spread).toBeNull()
  })

  test('a policy without skill ends somewhere among random ones', () => {
    const verdicts = naiveVerdicts(
      Float64Array.from({ length: rows }, (_, t) => Math.sin(t / 5)),
      0.5,
    )
    const targets = targetPositions(verdicts, { ...defaultRules, short: true })
    const [judged] = judgeStrategies(bars, [{ name: 'waves', targets }], options)
    const rank = rankAmongRandom(bars, judged!, noCosts, { draws: 200, seed: 2 })
    expect(rank).toBeGreaterThan(0.01)
    expect(rank).toBeLessThan(0.99)
    expect(rank).toBe(rankAmongRandom(bars, judged!, noCosts, { draws: 200, seed: 2 }))
  })
})

test('thresholds chosen on noise look well and are found out', () => {
  const search = judgeThresholds(bars, randomProbabilities(rows, 3), { short: true, onHold: 'keep' }, defaultCosts)
  expect(search.settings).toHaveLength(100)
  expect(search.best.sharpe).toBe(Math.max(...search.settings.map(({ sharpe }) => sharpe)))
  expect(search.deflatedSharpe).toBeLessThan(0.95)
  expect(search.overfitting).toBeGreaterThanOrEqual(0)
})

test('the naive number says buy above its threshold and sell below the other', () => {
  expect(naiveThreshold([0.01, -0.03, 0.02])).toBeCloseTo(0.02, 12)
  expect(naiveThreshold([])).toBe(0)
  expect([...naiveVerdicts([0.03, 0.02, 0.01, -0.01, -0.04, 0], 0.02)]).toEqual([1, 1, 0, 0, -1, 0])
})
