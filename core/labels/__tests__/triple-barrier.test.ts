import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CandleSeries } from '#core/candles'
import { exitNames, labeler, labelStatistics } from '../index.ts'
import { volatilityLookBack } from '../volatility.ts'
import { randomBars, seriesOfBars, type Bar } from './bars.ts'

/**
 * Five bars whose closes step by 1 % (logarithm) up and down, so that the volatility at row 4 is 1 % whatever its
 * weights, and trades from 100: long 102.0201 or 99.0050 (two up, one down), short 98.0199 or 101.0050.
 */
const quiet = (price: number): Bar => ({ open: price, high: price, low: price, close: price })
const before = [0, 1, 0, 1, 0].map((step) => quiet(100 * Math.exp(0.01 * step)))
const at = before.length - 1
const golden = labeler('triple-barrier', {
  takeProfit: 2,
  stopLoss: 1,
  timeLimit: 3,
  volatilitySpan: 2,
  feeBps: 10,
  slippageBps: 0,
})
const bar = (open: number, high: number, low: number, close: number): Bar => ({ open, high, low, close })
const still = bar(100, 100.9, 99.1, 100)

test.each([
  {
    fact: 'a long trade that reaches its take-profit before its stop-loss is bought',
    bars: [bar(100, 101, 99.5, 100.5), bar(100.5, 102.5, 100, 102), still],
    label: { target: 1, bars: 2, long: 'take-profit', short: 'stop-loss' },
  },
  {
    fact: 'a short trade that does is sold',
    bars: [bar(100, 100.9, 99.1, 99.5), bar(99.5, 99.6, 98, 98.2), still],
    label: { target: -1, bars: 2, long: 'stop-loss', short: 'take-profit' },
  },
  {
    fact: 'a bar that touches both barriers ends both trades at a loss',
    bars: [bar(100, 103, 97, 100), still, still],
    label: { target: 0, bars: 1, long: 'stop-loss', short: 'stop-loss' },
  },
  {
    fact: 'a bar that opens beyond the take-profit ends there, wherever it goes then',
    bars: [bar(100, 101.004, 99.1, 101), bar(102.5, 102.6, 98.9, 99), still],
    label: { target: 1, bars: 2, long: 'take-profit', short: 'stop-loss' },
  },
  {
    fact: 'a bar that opens beyond the stop-loss ends there, wherever it goes then',
    bars: [still, bar(98.9, 103, 98.5, 103), still],
    label: { target: 0, bars: 2, long: 'stop-loss', short: 'stop-loss' },
  },
  {
    // 100.5 / 100 - 1 - 0.001 * (1 + 1.005) = 0.002995
    fact: 'a trade whose time is over counts by its return after costs: half a percent gains',
    bars: [still, still, bar(100, 100.9, 99.1, 100.5)],
    label: { target: 1, bars: 3, long: 'time-limit', short: 'time-limit' },
  },
  {
    // 100.2 / 100 - 1 - 0.001 * (1 + 1.002) = -0.000002
    fact: 'a fifth of a percent is eaten by fees of a tenth on each side',
    bars: [still, still, bar(100, 100.9, 99.1, 100.2)],
    label: { target: 0, bars: 3, long: 'time-limit', short: 'time-limit' },
  },
])('$fact', ({ bars, label }) => {
  const { target, reach, complete, exits } = golden.label(seriesOfBars([...before, ...bars, ...bars]))
  expect({
    target: target[at],
    bars: reach[at]! - at,
    long: exitNames[exits!.long[at]!],
    short: exitNames[exits!.short[at]!],
  }).toEqual(label)
  expect(complete[at]).toBe(1)
})

test('a trade is entered at the next open, wherever the row closed', () => {
  // From 105 the barriers are long 107.12 and 103.96, short 102.92 and 106.06; from the close, 100, all of these are behind.
  const bars = [bar(105, 105.5, 104.5, 105), bar(105, 107.5, 104.5, 107), bar(107, 107.1, 106.9, 107)]
  const { target, reach, exits } = golden.label(seriesOfBars([...before, ...bars, ...bars]))
  expect([target[at], reach[at]! - at, exitNames[exits!.long[at]!], exitNames[exits!.short[at]!]]).toEqual([
    1,
    2,
    'take-profit',
    'stop-loss',
  ])
  // Time is over at 105.2, up 0.19 % from the entry, less than its fees of 0.2 %; from the close it would be 5 % up.
  const flat = [bar(105, 105.5, 104.5, 105), bar(105, 105.5, 104.5, 105), bar(105, 105.5, 104.5, 105.2)]
  const timed = golden.label(seriesOfBars([...before, ...flat, ...flat]))
  expect([timed.target[at], exitNames[timed.exits!.long[at]!]]).toEqual([0, 'time-limit'])
})

test('a trade must pass the least return to be worth it', () => {
  const series = seriesOfBars([...before, still, still, bar(100, 100.9, 99.1, 100.5)])
  expect([targetFor(series, 0.0029), targetFor(series, 0.003)]).toEqual([1, 0])
})

test('a bar that opens beyond the take-profit earns the take-profit and no more', () => {
  // 102.0201 is 1.8 % after costs, the open of 102.5 would be 2.3 %.
  const series = seriesOfBars([...before, still, bar(102.5, 102.6, 102.4, 102.5), still])
  expect([targetFor(series, 0.018), targetFor(series, 0.019)]).toEqual([1, 0])
})

test('no label runs across a gap, whether gaps are kept or split the series', () => {
  const bars = [...before, still, still, bar(100, 100.9, 99.1, 100.5), still, still, still]
  for (const gaps of ['keep', 'split'] as const) {
    const { complete, reach, target } = golden.label(seriesOfBars(bars, { gapsBefore: [at + 3], gaps }))
    expect([complete[at], reach[at], target[at]]).toEqual([0, at + 2, 0])
  }
})

test('rows without a volatility, and the last rows of a series, are not complete', () => {
  const { complete } = golden.label(seriesOfBars([...before, quiet(100), quiet(100), quiet(100)]))
  expect(Array.from(complete)).toEqual([0, 0, 1, 1, 1, 0, 0, 0])
})

test('a label is not complete while either of its trades goes on', () => {
  const shortStopped = bar(100, 101.5, 99.1, 101)
  const labels = golden.label(seriesOfBars([...before, shortStopped, still]))
  expect([exitNames[labels.exits!.long[at]!], exitNames[labels.exits!.short[at]!]]).toEqual(['open', 'stop-loss'])
  expect([labels.complete[at], labels.target[at]]).toEqual([0, 0])
})

test('a complete label depends on the candles from its row to its reach, and back on the volatility only', () => {
  const label = labeler('triple-barrier', { volatilitySpan: 10 })
  const lookBack = volatilityLookBack(10)
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 249 }), (seed, t) => {
      const bars = randomBars(seed, 250)
      const labels = label.label(seriesOfBars(bars))
      if (labels.complete[t] === 0) return
      const end = labels.reach[t]! + 1
      const others = randomBars(seed + 1, 250)
      const changed = label.label(seriesOfBars([...bars.slice(0, end), ...others.slice(end)]))
      expect(rowOf(changed, t)).toEqual(rowOf(labels, t))
      const from = Math.max(0, t - lookBack)
      const earlier = label.label(seriesOfBars([...others.slice(0, from), ...bars.slice(from)]))
      expect(rowOf(earlier, t)).toEqual(rowOf(labels, t))
    }),
    { numRuns: 100, seed: 1 },
  )
})

test('on random walks a third of the rows are long, a third short and a third neither', () => {
  const { counts, rows } = labelStatistics(labeler('triple-barrier').label(seriesOfBars(randomBars(1, 6000))))
  for (const count of Object.values(counts)) expect(count / rows).toBeGreaterThan(0.25)
})

test('a label knows a future that costs have been paid for: following it always gains', () => {
  const series = seriesOfBars(randomBars(5, 1500))
  const { target, reach } = labeler('horizon-return', { horizon: 5 }).label(series)
  for (let t = 0; t < series.rows; t++) {
    if (target[t] !== 0) expect(gainOf(series, t, reach[t]!, target[t]!)).toBeGreaterThan(0.01)
  }
})

test('the horizon return is the sign of the return after costs outside its dead band', () => {
  const label = labeler('horizon-return', { horizon: 2, deadBand: 0.01, feeBps: 10, slippageBps: 10 })
  const closes = [100, 100, 101.5, 100, 98.6, 100]
  const { target, reach, complete, maxReach } = label.label(
    seriesOfBars(closes.map((close) => bar(100, Math.max(100, close), Math.min(100, close), close))),
  )
  // +1.5 % and -1.4 % less 0.4 % are past 1 %, 0 % is not.
  expect(Array.from(target)).toEqual([1, 0, -1, 0, 0, 0])
  expect(Array.from(reach)).toEqual([2, 3, 4, 5, 5, 5])
  expect(Array.from(complete)).toEqual([1, 1, 1, 1, 0, 0])
  expect(maxReach).toBe(2)
})

test('no horizon runs across a gap', () => {
  const series = seriesOfBars([...before, still, still], { gapsBefore: [3] })
  const { complete, reach } = labeler('horizon-return', { horizon: 2 }).label(series)
  expect(Array.from(complete)).toEqual([1, 0, 0, 1, 1, 0, 0])
  expect(reach[1]).toBe(2)
})

test.each([
  ['triple-barrier', 'takeProfit', 0],
  ['triple-barrier', 'timeLimit', 1.5],
  ['triple-barrier', 'volatilitySpan', 1],
  ['triple-barrier', 'feeBps', -1],
  ['triple-barrier', 'weights', 2],
  ['horizon-return', 'horizon', 0],
  ['horizon-return', 'deadBand', NaN],
])('%s with %s of %p is refused', (name, parameter, value) => {
  const refusal = expect.objectContaining({ code: 'USAGE' })
  expect(() => labeler(name, { [parameter]: value })).toThrow(refusal)
  expect(() => labeler(name, { [parameter]: value })).toThrow(`label ${name}: ${parameter} is ${value}`)
})

/** The golden label of row `at` where a trade must earn more than `leastReturn`. */
function targetFor(series: CandleSeries, leastReturn: number): number {
  const parameters = { ...(golden.parameters as Record<string, number>), leastReturn }
  return labeler('triple-barrier', parameters).label(series).target[at]!
}

function rowOf({ target, reach, complete }: ReturnType<typeof golden.label>, t: number): unknown {
  return [target[t], reach[t], complete[t]]
}

function gainOf({ open, close }: CandleSeries, t: number, exit: number, side: number): number {
  const paid = open[t + 1]! * (1 + side * 0.0012)
  const got = close[exit]! * (1 - side * 0.0012)
  return (side * (got - paid)) / open[t + 1]!
}
