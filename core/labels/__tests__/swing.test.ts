import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { makeSeries, type CandleSeries } from '#core/candles'
import { Random } from '#core/random'
import { labeler } from '../labelers.ts'
import { naiveScore } from '../naive-score.ts'
import { swingDefaults } from '../swing.ts'

const swing = labeler('swing')

test('a complete label stays when everything after its reach changes', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 299 }), (seed, t) => {
      const closes = walk(seed, 300)
      const { target, reach, complete } = swing.label(seriesOf(closes))
      if (complete[t] === 0) return
      const kept = closes.slice(0, reach[t]! + 1)
      // The last candle of a series is never read, so one more must follow the reach.
      const changed = swing.label(seriesOf([...kept, ...walk(seed + 1, 60)]))
      expect([changed.target[t], changed.reach[t], changed.complete[t]]).toEqual([target[t], reach[t], 1])
    }),
    { numRuns: 100, seed: 1 },
  )
})

test('labels follow the specification read literally', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const series = seriesOf(walk(seed, 250))
      const { target, reach, maxReach } = swing.label(series)
      expect([...target]).toEqual(literalTargets(series))
      expect(reach.every((row, t) => row >= t && row - t <= maxReach)).toBe(true)
    }),
    { numRuns: 30, seed: 1 },
  )
})

test('the look-ahead is at most the step limit and one extension', () => {
  expect(swing.label(seriesOf([1, 1])).maxReach).toBe(33)
})

test('each segment is labelled on its own', () => {
  const closes = walk(3, 200)
  const whole = swing.label({
    ...seriesOf(closes),
    segments: [
      { start: 0, end: 80 },
      { start: 80, end: 200 },
    ],
  })
  const parts = [closes.slice(0, 80), closes.slice(80)].map((part) => swing.label(seriesOf(part)))
  expect([...whole.target]).toEqual(parts.flatMap((part) => [...part.target]))
  expect([...whole.complete]).toEqual(parts.flatMap((part) => [...part.complete]))
  expect([...whole.reach].slice(80)).toEqual([...parts[1]!.reach].map((row) => row + 80))
})

test('a rising market is bought, a falling one sold, a still one held', () => {
  const trend = (step: number) => Array.from({ length: 80 }, (_, t) => 100 * (1 + step) ** Math.min(t, 40))
  expect(swing.label(seriesOf(trend(0.01))).target[25]).toBe(1)
  expect(swing.label(seriesOf(trend(-0.01))).target[25]).toBe(-1)
  expect([...swing.label(seriesOf(trend(0))).target]).not.toContain(1)
})

test('parameters are data and unknown ones are refused', () => {
  expect(swing.parameters).toEqual(swingDefaults)
  expect(labeler('swing', { minTake: 0.5 }).parameters.minTake).toBe(0.5)
  expect(() => labeler('nosuch')).toThrow('there is no label nosuch; known are swing, triple-barrier, horizon-return')
  expect(() => labeler('swing', { nosuch: 1 })).toThrow('there is no parameter of swing nosuch')
})

test.each([
  ['extension', 0],
  ['horizon', 1.5],
  ['minTake', NaN],
])('%s of %p is refused', (name, value) => {
  expect(() => labeler('swing', { [name]: value })).toThrow(`label swing: ${name} is ${value}`)
})

test('the naive score is the close over its own smooth, less 1', () => {
  const score = naiveScore(seriesOf([1, 2, 3, 4, 5, 6, 7, 8]))
  expect(score[0]).toBe(0)
  // P[7] = (4 + 5 + 6) / 3
  expect(score[7]).toBeCloseTo(8 / 5 - 1, 12)
})

/** The specification's steps for one row after the other, slowly, with 1-based row numbers and without early stops. */
function literalTargets({ close, rows }: CandleSeries): number[] {
  const mean = (x: number[], w: number) =>
    x.map((_, t) => x.slice(Math.max(0, t - w + 1), t + 1)).map((part) => part.reduce((a, b) => a + b) / part.length)
  const smooth = mean(mean([...close], 5), 3)
  const price = (rowNumber: number) => smooth[rowNumber - 1]!
  return smooth.map((_, i) => {
    const r = i + 1
    for (let end = r + 10; ; end += 3) {
      end = Math.min(end, rows)
      if (end - (r + 1) < 5) return 0
      const window = Array.from({ length: end - r - 1 }, (__, k) => r + 1 + k)
      const moves = window.map((j) => (price(j) >= price(r) ? price(j) / price(r) - 1 : -(price(r) / price(j) - 1)))
      const up = Math.max(...moves, 0)
      const down = Math.max(...moves.map((move) => -move), 0)
      if (Math.max(up, down) <= 0.01) return 0
      const extreme = window[moves.indexOf(up > down ? up : -down)]!
      if (end - extreme <= 2 && end < rows) continue
      return Math.max(up, down) < 0.015 || extreme - r >= 30 ? 0 : up > down ? 1 : -1
    }
  })
}

function walk(seed: number, count: number): number[] {
  const random = Random.of('walk', seed)
  const swingOf = 0.002 + 0.02 * random.uniform()
  let close = 100
  return Array.from({ length: count }, () => (close *= Math.exp(swingOf * random.normal())))
}

function seriesOf(closes: readonly number[]): CandleSeries {
  const candles = closes.map((close, t) => ({
    openTime: t * 14_400_000,
    ...{ open: close, high: close, low: close, close, volume: 1 },
  }))
  return makeSeries({ symbol: 'BTC/USDT', source: 'test', widthMs: 14_400_000, candles }, { gaps: 'keep' })
}
