import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { classOfTarget, classProbabilities, targetOfClass, verdictOf, verdicts } from '../verdict.ts'

const anyProbabilities = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }))
  .map((weights) => classProbabilities(weights.map((w) => w / (weights[0] + weights[1] + weights[2]))))

test('class order is sell, hold, buy for targets -1, 0, 1', () => {
  expect([-1, 0, 1].map((target) => verdicts[classOfTarget(target)])).toEqual(['sell', 'hold', 'buy'])
  expect([0, 1, 2].map(targetOfClass)).toEqual([-1, 0, 1])
})

test('argmax answers the most probable class, and hold on any tie', () => {
  fc.assert(
    fc.property(anyProbabilities, (p) => {
      const verdict = verdictOf(p)
      const best = Math.max(p.sell, p.hold, p.buy)
      const winners = verdicts.filter((name) => p[name] === best)
      expect(verdict).toBe(winners.length === 1 ? winners[0] : 'hold')
    }),
  )
})

test('thresholds say hold unless a side reaches its own and beats the other', () => {
  fc.assert(
    fc.property(anyProbabilities, fc.double({ min: 0.34, max: 0.9, noNaN: true }), (p, threshold) => {
      const verdict = verdictOf(p, { kind: 'thresholds', buy: threshold, sell: threshold })
      if (verdict === 'hold') expect(p.buy >= threshold && p.buy > p.sell).toBe(false)
      else expect(p[verdict]).toBeGreaterThanOrEqual(threshold)
    }),
  )
})
