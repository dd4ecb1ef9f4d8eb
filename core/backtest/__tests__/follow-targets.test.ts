import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { followTargets, noCosts, performanceOf, targetPositions, type Costs } from '../index.ts'
import { barsOf, walk } from './bars.ts'

/** Bought at 100, sold at 110, closes on the way 104 and 108. */
const rise = barsOf([
  [98, 99],
  [100, 104],
  [105, 108],
  [110, 109],
])
const tenPercent: Costs = { feeBps: 1000, slippageBps: 0, shortFundingBps: 0, longFundingBps: 0 }
const close = (values: Float64Array, expected: readonly number[]) => {
  expect(values).toHaveLength(expected.length)
  expected.forEach((value, t) => {
    expect(values[t]).toBeCloseTo(value, 12)
  })
}

describe('an account follows targets, by hand', () => {
  test('free of cost: in at the next open, out at the one after the target ends', () => {
    const path = followTargets(rise, [1, 1, 0, 0], noCosts)
    close(path.equity, [1, 1.04, 1.08, 1.1])
    expect([...path.held]).toEqual([0, 1, 1, 0])
    expect(path.trades).toEqual([{ entryRow: 1, exitRow: 3, direction: 1, profit: expect.closeTo(0.1, 12) }])
    expect(path.turnover).toBeCloseTo(2, 12)
  })

  test('fees: a tenth of the notional on both sides', () => {
    // 1 buys 1 / (100 x 1.1) units; they are sold at 110 less a tenth.
    const path = followTargets(rise, [1, 1, 0, 0], tenPercent)
    close(path.equity, [1, 104 / 110, 108 / 110, (110 * 0.9) / 110])
    expect(path.paid.fees).toBeCloseTo(10 / 110 + 11 / 110, 12)
    expect(path.paid.slippage).toBe(0)
  })

  test('slippage: filled above the open on the way in and below it on the way out', () => {
    const path = followTargets(rise, [1, 1, 0, 0], { ...noCosts, slippageBps: 100 })
    close(path.equity, [1, 104 / 101, 108 / 101, (110 * 0.99) / 101])
    expect(path.paid.slippage).toBeCloseTo((1 + 1.1) / 101, 12)
  })

  test('a short: sold at the open, bought back, funding at each close for the time since the one before', () => {
    // 0.01 units short from 100; 8 h cost 1 %, a bar of 4 h half of it, of what the units are worth at the close.
    const path = followTargets(rise, [-1, -1, 0, 0], { ...noCosts, shortFundingBps: 100 })
    const [first, second] = [0.01 * 104 * 0.005, 0.01 * 108 * 0.005]
    close(path.equity, [1, 2 - 1.04 - first, 2 - 1.08 - first - second, 2 - 1.1 - first - second])
    expect(path.paid.funding).toBeCloseTo(first + second, 12)
    expect(path.trades[0]).toMatchObject({ direction: -1, profit: expect.closeTo(-0.1 - first - second, 12) })
  })

  test('a short with every cost', () => {
    const costs = { feeBps: 100, slippageBps: 200, shortFundingBps: 100, longFundingBps: 50 }
    const path = followTargets(rise, [-1, -1, 0, 0], costs)
    const funding = 0.01 * (104 + 108) * 0.005
    // Sold 0.01 units at 98 less 1 %, bought back at 112.2 and 1 %.
    close(path.equity.subarray(3), [1 + 0.01 * 98 * 0.99 - funding - 0.01 * 112.2 * 1.01])
  })

  test('a long that is charged funding', () => {
    const path = followTargets(rise, [1, 1, 0, 0], { ...noCosts, longFundingBps: 100 })
    close(path.equity.subarray(1, 2), [1.04 - 0.01 * 104 * 0.005])
  })

  test('a turn from long to short is an exit and an entry at the same open', () => {
    const path = followTargets(rise, [1, -1, -1, -1], tenPercent)
    // Long 1/110 units to 105, less a tenth; then short for all of it until the last close.
    const cash = (105 * 0.9) / 110
    const units = cash / 105
    close(path.equity, [1, 104 / 110, cash + units * 105 * 0.9 - units * 108, cash + units * (94.5 - 109 * 1.1)])
    expect(path.trades.map(({ direction, entryRow, exitRow }) => [direction, entryRow, exitRow])).toEqual([
      [1, 1, 2],
      [-1, 2, 3],
    ])
  })

  test('a position of half the equity, raised to all of it', () => {
    const path = followTargets(rise, [0.5, 1, 1, 0], noCosts)
    // 0.005 units from 100; at 105 the account is worth 1.025, all of it in; closed at 109.
    close(path.equity, [1, 1.02, (1.025 * 108) / 105, (1.025 * 109) / 105])
    expect(path.trades).toHaveLength(1)
    expect(path.turnover).toBeCloseTo(0.5 + (1.025 - 0.525) / 1.025 + 1, 12)
  })

  test('the last position is closed at the last close, at a cost', () => {
    const path = followTargets(rise, [1, 1, 1, 1], tenPercent)
    close(path.equity.subarray(3), [(109 * 0.9) / 110])
    expect(path.trades).toMatchObject([{ entryRow: 1, exitRow: 3 }])
  })

  test('an order lapses at a gap, and a position goes through it', () => {
    const prices = [98, 100, 105, 110, 120].map((price) => [price, price + 1] as const)
    const gapBefore2 = barsOf(prices, [0, 4, 12, 16, 20])
    // Bought at 100; the order to sell meets the gap; the next one is filled at 110.
    close(followTargets(gapBefore2, [1, 0, 0, 0, 0], noCosts).equity, [1, 1.01, 1.06, 1.1, 1.1])
    // No entry at 105 either: the order of row 1 lapses, that of row 2 is filled at 110.
    close(followTargets(gapBefore2, [0, 1, 1, 1, 1], noCosts).equity, [1, 1, 1, 111 / 110, 121 / 110])
    const short = followTargets(gapBefore2, [-1, -1, 0, 0, 0], { ...noCosts, shortFundingBps: 100 })
    // The 8 hours from close to close over the gap cost twice as much as a bar.
    expect(short.paid.funding).toBeCloseTo(0.01 * (101 * 0.005 + 106 * 0.01), 12)
  })

  test('a short that loses all it has is over', () => {
    const bars = barsOf([
      [100, 100],
      [100, 150],
      [150, 210],
      [90, 90],
      [90, 50],
    ])
    const path = followTargets(bars, [-1, -1, 1, 1, 1], noCosts)
    close(path.equity, [1, 0.5, 0, 0, 0])
    expect(path.trades).toEqual([{ entryRow: 1, exitRow: 2, direction: -1, profit: -1 }])
    expect(performanceOf(bars, path)).toMatchObject({ totalReturn: -1, cagr: -1, maxDrawdown: 1, hitRate: 0 })
  })

  test('a target that is no share of equity is refused', () => {
    expect(() => followTargets(rise, [0, 1.5, 0, 0], noCosts)).toThrow('target 1 is 1.5')
    expect(() => followTargets(rise, [0, NaN, 0, 0], noCosts)).toThrow('target 1')
    expect(() => followTargets(rise, [0], noCosts)).toThrow('1 targets for 4 bars')
  })
})

describe('whatever the bars', () => {
  const verdict = fc.constantFrom(-1, 0, 1)
  const history = fc.tuple(fc.array(verdict, { minLength: 2, maxLength: 60 }), fc.nat(10_000))
  const bps = fc.double({ min: 0, max: 300, noNaN: true })
  const costs = fc.record({ feeBps: bps, slippageBps: bps, shortFundingBps: bps, longFundingBps: bps })
  const rules = fc.record({
    short: fc.boolean(),
    onHold: fc.constantFrom('keep' as const, 'flat' as const),
    sizing: fc.constant('full' as const),
  })

  test('always long without costs is buying and holding', () => {
    fc.assert(
      fc.property(history, ([verdicts, seed]) => {
        const bars = { ...walk(verdicts.length, seed), openTime: Float64Array.from(verdicts, (_, t) => t * 14_400_000) }
        const { equity } = followTargets(
          bars,
          verdicts.map(() => 1),
          noCosts,
        )
        for (let t = 1; t < equity.length; t++) expect(equity[t]! * bars.open[1]!).toBeCloseTo(bars.close[t]!, 8)
      }),
    )
  })

  test('costs never help', () => {
    fc.assert(
      fc.property(history, costs, rules, ([verdicts, seed], taken, how) => {
        const bars = walk(verdicts.length, seed)
        const targets = targetPositions(verdicts, how)
        const free = followTargets(bars, targets, noCosts).equity
        const paying = followTargets(bars, targets, taken).equity
        for (const [t, value] of paying.entries()) expect(value).toBeLessThanOrEqual(free[t]! * (1 + 1e-12))
      }),
    )
  })

  test('equity up to a row depends on nothing after it', () => {
    fc.assert(
      fc.property(history, costs, rules, fc.nat(), ([verdicts, seed], taken, how, cut) => {
        const rows = verdicts.length
        const t = cut % (rows - 1)
        const bars = walk(rows, seed)
        const changed = (values: Float64Array) => values.map((value, row) => (row > t ? value * 1.7 : value))
        const after = { ...bars, open: changed(bars.open), close: changed(bars.close) }
        const turned = verdicts.map((each, row) => (row >= t ? -each : each))
        const one = followTargets(bars, targetPositions(verdicts, how), taken).equity.subarray(0, t + 1)
        expect(followTargets(after, targetPositions(turned, how), taken).equity.subarray(0, t + 1)).toEqual(one)
      }),
    )
  })
})

test('verdicts become positions', () => {
  const verdicts = [0, 1, 0, -1, 0, -1, 1]
  const rules = { short: false, onHold: 'keep', sizing: 'full' } as const
  expect([...targetPositions(verdicts, rules)]).toEqual([0, 1, 1, 0, 0, 0, 1])
  expect([...targetPositions(verdicts, { ...rules, short: true })]).toEqual([0, 1, 1, -1, -1, -1, 1])
  expect([...targetPositions(verdicts, { ...rules, onHold: 'flat' })]).toEqual([0, 1, 0, 0, 0, 0, 1])
  const probabilities = [0.2, 0.6, 0.2, 0.1, 0.3, 0.6, 0.3, 0.3, 0.4, 0.6, 0.2, 0.2, 0, 1, 0, 0.5, 0.4, 0.1, 0, 0, 1]
  const sized = targetPositions(verdicts, { ...rules, short: true, sizing: 'probability' }, probabilities)
  // The size of the entry stays until the direction changes.
  for (const [t, size] of [0, 0.5, 0.5, -0.4, -0.4, -0.4, 1].entries()) expect(sized[t]).toBeCloseTo(size, 12)
})
