import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Verdict } from '#core/verdict'
import { flipSearch, nearestFlip } from '../nearest-flip.ts'

/** Buy from `up` on, sell from `down` downwards, hold between. */
function between(down: number, up: number): (close: number) => Verdict {
  return (close) => (close >= up ? 'buy' : close <= down ? 'sell' : 'hold')
}

const within = (from: number, to: number) => fc.double({ min: from, max: to, noNaN: true })

test('the flip is the nearer of both sides, to the tolerance, and just short of it the verdict holds', () => {
  fc.assert(
    fc.property(within(1e-6, 1e6), within(2e-5, 0.14), within(2e-5, 0.14), (close, below, above) => {
      const verdictAt = between(close * (1 - below), close * (1 + above))
      const flip = nearestFlip(close, verdictAt)!
      const distance = Math.abs(flip.close / close - 1)
      const nearest = Math.min(below, above)
      expect(flip.verdict).toBe(verdictAt(flip.close))
      expect(flip.verdict).not.toBe('hold')
      expect(verdictAt(flip.heldAt)).toBe('hold')
      expect(distance).toBeGreaterThanOrEqual(nearest - 1e-12)
      expect(distance).toBeLessThanOrEqual(nearest + flipSearch.tolerance + 1e-12)
    }),
    { numRuns: 300, seed: 1 },
  )
})

test('beyond its reach there is none, and it says so after a bounded number of looks', () => {
  let looks = 0
  const none = nearestFlip(100, (close) => {
    looks += 1
    return between(84.9, 115.1)(close)
  })
  expect(none).toBeNull()
  expect(looks).toBeLessThanOrEqual(260)
  expect(nearestFlip(100, between(1, 114.9))).not.toBeNull()
})

test('a verdict that changes and changes back is found where a distance falls into it', () => {
  const flip = nearestFlip(100, (close) => (close > 103 && close < 105 ? 'buy' : 'hold'))!
  expect(flip.close).toBeGreaterThan(103)
  expect(flip.close).toBeLessThan(103.001)
})
