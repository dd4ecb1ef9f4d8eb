import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { classOfTarget, classProbabilities, predictionSet, targetOfClass, verdictOf, verdicts } from '../verdict.ts'

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

test('a conformal policy acts only when the set holds that class alone', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(anyProbabilities, unit, (p, nonconformity) => {
      const set = predictionSet(p, nonconformity)
      const verdict = verdictOf(p, { kind: 'conformal', coverage: 0.8, nonconformity, buy: 0, sell: 0 })
      const alone = set.length === 1 ? set[0]! : 'hold'
      expect(verdict).toBe(p.buy === p.sell ? 'hold' : alone)
    }),
  )
})

test.each([
  [{ sell: 0.05, hold: 0.15, buy: 0.8 }, 0.3, 'buy'],
  [{ sell: 0.05, hold: 0.15, buy: 0.8 }, 0.1, 'hold'],
  [{ sell: 0.05, hold: 0.4, buy: 0.55 }, 0.7, 'hold'],
  [{ sell: 0.7, hold: 0.2, buy: 0.1 }, 0.3, 'hold'],
])('of %j at %d the answer is %s', (p, nonconformity, expected) => {
  expect(verdictOf(p, { kind: 'conformal', coverage: 0.8, nonconformity, buy: 0.6, sell: 0.75 })).toBe(expected)
})
