import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { predictedTargets } from '#core/evaluation'
import {
  barReturns,
  followTargets,
  performanceOf,
  sharpeOf,
  sweepThresholds,
  targetPositions,
  thresholdGrid,
} from '../index.ts'
import { randomProbabilities, walk } from './bars.ts'

test('the sweep is the account, setting by setting', () => {
  const bps = fc.double({ min: 0, max: 200, noNaN: true })
  const costs = fc.record({ feeBps: bps, slippageBps: bps, shortFundingBps: bps, longFundingBps: bps })
  const rules = fc.record({ short: fc.boolean(), onHold: fc.constantFrom('keep' as const, 'flat' as const) })
  const settings = thresholdGrid([0, 0.2, 0.35, 0.5, 1])
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 60 }),
      fc.nat(1e6),
      fc.double({ min: 0.01, max: 0.6, noNaN: true }),
      costs,
      rules,
      (rows, seed, swing, taken, how) => {
        const bars = walk(rows, seed, swing)
        const probabilities = randomProbabilities(rows, seed)
        for (const swept of sweepThresholds(bars, probabilities, settings, how, taken)) {
          const verdicts = predictedTargets(probabilities, { kind: 'thresholds', buy: swept.buy, sell: swept.sell })
          const path = followTargets(bars, targetPositions(verdicts, { ...how, sizing: 'full' }), taken)
          const { totalReturn, maxDrawdown, trades, exposure } = performanceOf(bars, path)
          expect(swept.totalReturn).toBeCloseTo(totalReturn, 9)
          expect(swept.maxDrawdown).toBeCloseTo(maxDrawdown, 9)
          expect(swept.sharpe).toBeCloseTo(sharpeOf(barReturns(path.equity)), 9)
          expect({ trades: swept.trades, exposure: swept.exposure }).toEqual({ trades, exposure })
        }
      },
    ),
    { numRuns: 30 },
  )
})

test('costs out of range are refused', () => {
  const costs = { feeBps: -1, slippageBps: 0, shortFundingBps: 0, longFundingBps: 0 }
  expect(() =>
    sweepThresholds(walk(3, 1), randomProbabilities(3, 1), [], { short: false, onHold: 'keep' }, costs),
  ).toThrow('feeBps is -1')
})
