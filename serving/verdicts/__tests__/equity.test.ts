import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Candle } from '#core/candles'
import type { Verdict } from '#core/verdict'
import { MemoryCandleStore, MemoryPredictionLog } from '#platform/memory'
import type { GivenVerdict } from '../../ports.ts'
import { equityCurve } from '../equity.ts'
import { LoggedEquity } from '../logged-equity.ts'

const widthMs = 1000
const key = { symbol: 'BTC/USDT', widthMs }
/** Opens and closes of five bars. */
const prices = [
  [90, 100],
  [100, 110],
  [110, 120],
  [125, 120],
  [120, 90],
] as const
const candles = prices.map(([open, close], row): Candle => {
  return { openTime: row * widthMs, open, high: Math.max(open, close), low: Math.min(open, close), close, volume: 1 }
})

/** A verdict for the bar of `row`, given `late` ms after it closed. */
function given(row: number, verdict: Verdict, late = 5): GivenVerdict {
  const probabilities = { sell: 0, hold: 0, buy: 1 }
  const { openTime, close } = candles[row]!
  const at = (row + 1) * widthMs + late
  return { ...key, id: row + 1, openTime, close, verdict, probabilities, version: 1, sha256: 'a'.repeat(64), at }
}

const strategy = (verdicts: readonly GivenVerdict[], feesBps = 100) =>
  equityCurve({ widthMs, candles, verdicts, feesBps }).points.map((point) => point.strategy)

test('bought at the next open, held, sold at the next open: computed by hand, 1 % of fees each side', () => {
  const verdicts = [given(0, 'buy'), given(1, 'hold'), given(2, 'sell'), given(3, 'hold'), given(4, 'buy')]
  const { points } = equityCurve({ widthMs, candles, verdicts, feesBps: 100 })
  // 0.99 / 100 coins are bought at 100 and sold at 125: 1.2375, less 1 % is 1.225125.
  const byHand = [
    { time: 1000, strategy: 1, buyAndHold: 1 },
    { time: 2000, strategy: 1.089, buyAndHold: 1.089 },
    { time: 3000, strategy: 1.188, buyAndHold: 1.188 },
    { time: 4000, strategy: 1.225125, buyAndHold: 1.188 },
    { time: 5000, strategy: 1.225125, buyAndHold: 0.891 },
  ]
  expect(points).toHaveLength(5)
  points.forEach((point, i) => {
    expect(point.time).toBe(byHand[i]!.time)
    expect(point.strategy).toBeCloseTo(byHand[i]!.strategy, 12)
    expect(point.buyAndHold).toBeCloseTo(byHand[i]!.buyAndHold, 12)
  })
})

test('a second buy, and a sell of nothing, trade and cost nothing', () => {
  expect(strategy([given(0, 'buy'), given(1, 'buy')])).toEqual(strategy([given(0, 'buy')]))
  expect(strategy([given(0, 'sell'), given(1, 'sell')])).toEqual([1, 1, 1, 1, 1])
})

test('a verdict that comes late is traded at the next open, not at the one it was for', () => {
  expect(strategy([given(0, 'buy', 100)], 0)[1]).toBeCloseTo(110 / 100, 12)
  expect(strategy([given(0, 'buy', 101)], 0)[1]).toBeCloseTo(120 / 110, 12)
  expect(strategy([given(0, 'buy', 2101)], 0)).toHaveLength(2)
})

test('of several verdicts for one open the last given counts', () => {
  expect(strategy([given(0, 'buy', 5), given(0, 'sell', 6)])).toEqual([1, 1, 1, 1, 1])
  expect(strategy([given(0, 'sell', 6), given(0, 'buy', 5)])).toEqual([1, 1, 1, 1, 1])
})

test('without a verdict that could be traded there is no curve', () => {
  expect(equityCurve({ widthMs, candles, verdicts: [], feesBps: 10 })).toEqual({ points: [], feesBps: 10 })
  expect(strategy([given(4, 'buy')])).toEqual([])
})

test('no verdict changes what the curve said before it was given', () => {
  const verdict = fc.constantFrom<Verdict>('buy', 'hold', 'sell')
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 4, maxLength: 4 }), verdict, fc.nat(3), (words, other, row) => {
      const change = words.map((word, i) => given(i, i === row ? other : word))
      const [before, after] = [strategy(words.map((word, i) => given(i, word))), strategy(change)]
      expect(after.slice(0, row + 1)).toEqual(before.slice(0, row + 1))
    }),
    { seed: 1 },
  )
})

test('the curve of a series is that of its log, over as many pages as it has, once for each state', async () => {
  const [store, log] = [new MemoryCandleStore(), new MemoryPredictionLog()]
  await store.import(key.symbol, widthMs, candles, 1e6)
  const verdicts = [given(0, 'buy'), given(2, 'sell')]
  for (const verdict of verdicts) await log.append(verdict)
  let revision = 1
  const book = { view: () => ({ revision }) as never }
  const desk = new LoggedEquity({ book, log, store, feesBps: 100 })
  const curve = await desk.curve(key)
  expect(curve).toEqual(equityCurve({ widthMs, candles, verdicts, feesBps: 100 }))
  await log.append(given(3, 'buy'))
  expect(await desk.curve(key)).toBe(curve)
  revision += 1
  expect((await desk.curve(key)).points.at(-1)!.strategy).not.toBe(curve.points.at(-1)!.strategy)
})

test('a log that cannot be read is read again when asked again', async () => {
  const log = new MemoryPredictionLog()
  let isAway = true
  const page = (query: Parameters<typeof log.page>[0]) => (isAway ? Promise.reject(new Error('away')) : log.page(query))
  const desk = new LoggedEquity({
    book: { view: () => ({ revision: 1 }) as never },
    log: { page },
    store: new MemoryCandleStore(),
  })
  await expect(desk.curve(key)).rejects.toThrow('away')
  isAway = false
  expect(await desk.curve(key)).toEqual({ points: [], feesBps: 10 })
})
