import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { makeSeries, sliceSeries, type Candle, type CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'

const hour = 3_600_000
const start = Date.UTC(2020, 0, 1)

function bar(openTime: number, over: Partial<Candle> = {}): Candle {
  return { openTime, open: 10, high: 12, low: 9, close: 11, volume: 5, ...over }
}

function hours(...at: number[]): Candle[] {
  return at.map((n) => bar(start + n * hour))
}

function series(candles: readonly Candle[], gaps: 'keep' | 'reject' | 'split' = 'keep'): CandleSeries {
  return makeSeries({ symbol: 'BTC/USDT', source: 'test.csv', candles }, { gaps })
}

function refusal(candles: readonly Candle[]): BullpenError {
  try {
    series(candles)
  } catch (error) {
    if (error instanceof BullpenError) return error
    throw error
  }
  throw new Error('the series was accepted')
}

/** Sound bars of one width with whole gaps between some of them. */
const validCandles = fc
  .record({
    width: fc.constantFrom(60_000, hour, 4 * hour),
    steps: fc.array(fc.record({ step: fc.constantFrom(1, 1, 1, 1, 2, 5), prices: prices() }), {
      minLength: 9,
      maxLength: 60,
    }),
  })
  .map(({ width, steps }) => {
    let openTime = start
    return steps.map(({ step, prices: each }, i) => ({
      openTime: (openTime += (i < 5 ? 1 : step) * width),
      ...each,
    }))
  })
  // Eight equal gaps in a row are another width, which is another test.
  .filter((candles) => !hasEvenRun(candles))

function prices(): fc.Arbitrary<Omit<Candle, 'openTime'>> {
  const price = fc.double({ min: 0.01, max: 1e6, noNaN: true })
  return fc
    .tuple(price, price, price, price, fc.double({ min: 0, max: 1e9, noNaN: true }))
    .map(([a, b, c, d, volume]) => ({
      open: a,
      close: b,
      high: Math.max(a, b, c),
      low: Math.min(a, b, d),
      volume,
    }))
}

function hasEvenRun(candles: readonly Candle[]): boolean {
  const step = (i: number): number => candles[i]!.openTime - candles[i - 1]!.openTime
  const counts = new Map<number, number>()
  for (let i = 1; i < candles.length; i++) counts.set(step(i), (counts.get(step(i)) ?? 0) + 1)
  const width = Math.min(...counts.keys())
  let run = 0
  for (let i = 1; i < candles.length; i++) {
    run = i > 1 && step(i) === step(i - 1) ? run + 1 : 1
    if (run >= 8 && step(i) !== width) return true
  }
  return (counts.get(width) ?? 0) < Math.max(...counts.values())
}

test('a permutation of bars with exact repeats gives the same series and counts the repeats', () => {
  const shuffled = validCandles.chain((candles) =>
    fc.array(fc.constantFrom(...candles), { maxLength: 10 }).chain((repeats) =>
      fc.record({
        candles: fc.constant(candles),
        repeats: fc.constant(repeats.length),
        mixed: fc.shuffledSubarray([...candles, ...repeats], { minLength: candles.length + repeats.length }),
      }),
    ),
  )
  fc.assert(
    fc.property(shuffled, ({ candles, repeats, mixed }) => {
      expect(series(mixed)).toEqual({ ...series(candles), duplicatesDropped: repeats })
    }),
    { seed: 1, numRuns: 60 },
  )
})

const corruptions: Record<string, (candle: Candle, next: Candle) => Candle> = {
  CANDLE_HIGH: (candle) => ({ ...candle, high: Math.max(candle.open, candle.close) * 0.999 }),
  CANDLE_LOW: (candle) => ({ ...candle, low: Math.min(candle.open, candle.close) * 1.001, high: 1e7 }),
  CANDLE_PRICE: (candle) => ({ ...candle, low: -candle.low }),
  CANDLE_VOLUME: (candle) => ({ ...candle, volume: -1 - candle.volume }),
  CANDLE_NOT_FINITE: (candle) => ({ ...candle, close: NaN }),
  CANDLES_OFF_GRID: (candle) => ({ ...candle, openTime: candle.openTime + 1 }),
  CANDLES_CONTRADICT: (candle, next) => ({ ...candle, openTime: next.openTime, volume: next.volume + 1 }),
}

test.each(Object.keys(corruptions))('one bar corrupted to %s is refused by code and row', (code) => {
  fc.assert(
    fc.property(validCandles, fc.nat(), (candles, pick) => {
      const row = pick % (candles.length - 1)
      const damaged = candles.with(row, corruptions[code]!(candles[row]!, candles[row + 1]!))
      const { code: found, details, message } = refusal(damaged)
      // Of two bars that contradict each other the later row is named, and the other with it.
      expect([found, details.row]).toEqual([code, code === 'CANDLES_CONTRADICT' ? row + 2 : row + 1])
      expect(message).toContain('test.csv, row ')
      expect(details).toHaveProperty('value')
    }),
    { seed: 2, numRuns: 40 },
  )
})

test('infinite prices, infinite volumes and fractional times are not finite bars', () => {
  for (const over of [{ high: Infinity }, { volume: Infinity }, { low: -Infinity }, { openTime: start + 0.5 }]) {
    expect(refusal([bar(start, over), ...hours(1, 2)]).code).toBe('CANDLE_NOT_FINITE')
  }
})

test('a price of zero is refused, a volume of zero is not', () => {
  expect(refusal([bar(start, { low: 0 }), ...hours(1, 2)]).code).toBe('CANDLE_PRICE')
  expect(series([bar(start, { volume: -0 }), ...hours(1, 2)]).volume[0]).toBe(0)
})

test('nothing and a single bar without a width are refused', () => {
  expect(refusal([]).code).toBe('CANDLES_EMPTY')
  expect(refusal(hours(0)).code).toBe('CANDLES_WIDTH_UNKNOWN')
  const given = { symbol: 'X', source: 'x', widthMs: hour, candles: hours(0) }
  expect(makeSeries(given, { gaps: 'keep' }).rows).toBe(1)
})

test('two widths in one source are refused at the row that shows it', () => {
  const narrower = hours(0, 4, 8, 12, 16, 17, 18, 19)
  expect(refusal(narrower)).toMatchObject({
    code: 'CANDLES_MIXED_WIDTHS',
    details: { row: 8, width: '4h', other: '1h' },
  })
  const wider = hours(...Array.from({ length: 20 }, (_, i) => i), ...Array.from({ length: 9 }, (_, i) => 24 + 4 * i))
  expect(refusal(wider)).toMatchObject({ code: 'CANDLES_MIXED_WIDTHS', details: { width: '1h', other: '4h' } })
})

test('bars that all open off whole hours share a grid of their own', () => {
  const shifted = hours(0, 1, 2, 3).map((candle) => ({ ...candle, openTime: candle.openTime + 1_800_000 }))
  expect(series(shifted).widthMs).toBe(hour)
})

test('gaps are found with their length and the policy decides what becomes of them', () => {
  const candles = hours(0, 1, 2, 5, 6, 7, 9)
  const gaps = [
    { after: start + 2 * hour, before: start + 5 * hour, missing: 2 },
    { after: start + 7 * hour, before: start + 9 * hour, missing: 1 },
  ]
  expect(series(candles)).toMatchObject({ gaps, segments: [{ start: 0, end: 7 }] })
  expect(series(candles, 'split')).toMatchObject({
    gaps,
    segments: [
      { start: 0, end: 3 },
      { start: 3, end: 6 },
      { start: 6, end: 7 },
    ],
  })
  expect(() => series(candles, 'reject')).toThrow('2 gap(s), 3 bars missing; the first misses 2 between 2020-01-01T02')
})

test('a slice of a split series keeps its own gaps and segments', () => {
  expect(sliceSeries(series(hours(0, 1, 2, 5, 6, 7, 9), 'split'), 1, 5)).toMatchObject({
    rows: 4,
    openTime: Float64Array.from([1, 2, 5, 6], (n) => start + n * hour),
    gaps: [{ missing: 2 }],
    segments: [
      { start: 0, end: 2 },
      { start: 2, end: 4 },
    ],
  })
})

test('errors name rows as the reader of the source counts them', () => {
  const candles = [...hours(0, 1), bar(start + 2 * hour, { volume: -1 })]
  const input = { symbol: 'X', source: 'x.csv', candles, rowOf: (index: number) => index + 2 }
  expect(() => makeSeries(input, { gaps: 'keep' })).toThrow('x.csv, row 4: the volume is -1, which is negative')
})
