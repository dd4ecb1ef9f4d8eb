import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  barsSince,
  isClosed,
  makeSeries,
  resample,
  seriesFromColumns,
  seriesToColumns,
  toCandles,
  type Candle,
  type CandleSeries,
} from '#core/candles'
import { decodeColumns, encodeColumns } from '#core/columnar'
import { Random } from '#core/random'

const minute = 60_000
const start = Date.UTC(2020, 0, 1)

/** A walk of minute bars; volumes have 8 decimals, and about one bar in ten is missing. */
function walk(seed: number, rows: number): CandleSeries {
  const random = Random.of(seed, 'walk')
  const candles: Candle[] = []
  let close = 100
  for (let i = 0; i < rows; i++) {
    const open = close
    close = open * (0.99 + 0.02 * random.uniform())
    if (i > 3 && random.uniform() < 0.1) continue
    const [high, low] = [Math.max(open, close) * 1.001, Math.min(open, close) * 0.999]
    const volume = Math.round(random.uniform() * 1e10) / 1e8
    candles.push({ openTime: start + i * minute, open, high, low, close, volume })
  }
  return makeSeries({ symbol: 'X', source: 'walk', widthMs: minute, candles }, { gaps: 'keep' })
}

test('a wider bar has the first open, the extremes, the last close and the sum of its minutes', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.constantFrom(5, 15, 60), (seed, factor) => {
      const minutes = walk(seed, 400)
      const wide = resample(minutes, factor * minute, { gaps: 'keep', volumeDecimals: 8 })
      const bars = toCandles(minutes)
      for (const candle of toCandles(wide)) {
        const within = bars.filter(
          ({ openTime }) => Math.floor(openTime / (factor * minute)) * factor * minute === candle.openTime,
        )
        expect(candle).toMatchObject({
          open: within[0]!.open,
          high: Math.max(...within.map(({ high }) => high)),
          low: Math.min(...within.map(({ low }) => low)),
          close: within.at(-1)!.close,
        })
        expect(candle.volume).toBeCloseTo(
          within.reduce((sum, { volume }) => sum + volume, 0),
          8,
        )
      }
    }),
    { seed: 3, numRuns: 15 },
  )
})

test('with rounded volumes the steps on the way do not matter', () => {
  const minutes = walk(7, 2000)
  const options = { gaps: 'keep', volumeDecimals: 8 } as const
  const direct = resample(minutes, 60 * minute, options)
  expect(resample(resample(minutes, 15 * minute, options), 60 * minute, options)).toEqual(direct)
})

test('a width that is no multiple and bars off their own grid are refused', () => {
  const minutes = walk(1, 50)
  expect(() => resample(minutes, 90_000, { gaps: 'keep' })).toThrow('90s is not a multiple of 1m')
  expect(() => resample(minutes, 30_000, { gaps: 'keep' })).toThrow('30s is not a multiple of 1m')
  const candles = toCandles(minutes).map((candle) => ({ ...candle, openTime: candle.openTime + 20_000 }))
  const shifted = makeSeries({ symbol: 'X', source: 'x', candles }, { gaps: 'keep' })
  expect(() => resample(shifted, 5 * minute, { gaps: 'keep' })).toThrow('the bars do not open on whole 1m of UTC')
})

test('snapping merges a bar cut off the grid into the one that it belongs to, only when asked', () => {
  const bar = { open: 10, high: 11, low: 9, close: 10, volume: 0.1 }
  const cut = { openTime: start + 2 * minute + 32_287, open: 10, high: 12, low: 8, close: 9, volume: 0.2 }
  const candles = [0, 1, 2, 3].map((n) => ({ ...bar, openTime: start + n * minute })).concat(cut)
  const input = { symbol: 'X', source: 'x', widthMs: minute, candles }
  expect(() => makeSeries(input, { gaps: 'keep' })).toThrow('row 5: the bar at 2020-01-01T00:02:32.287Z does not stand')
  const snapped = makeSeries(input, { gaps: 'keep', snapToGrid: { volumeDecimals: 8 } })
  expect(toCandles(snapped)[2]).toEqual({
    openTime: start + 2 * minute,
    open: 10,
    high: 12,
    low: 8,
    close: 9,
    volume: 0.3,
  })
  expect(snapped).toMatchObject({ rows: 4, duplicatesDropped: 0, gaps: [] })
})

test('a series travels as a column file, and equal series are equal bytes', () => {
  const series = walk(5, 300)
  const bytes = encodeColumns(seriesToColumns(series))
  expect(seriesFromColumns(decodeColumns(bytes))).toEqual(series)
  const candles = toCandles(series).reverse()
  const again = makeSeries({ symbol: 'X', source: 'reversed', candles: [...candles, candles[3]!] }, { gaps: 'keep' })
  expect(encodeColumns(seriesToColumns(again))).toEqual(bytes)
})

test('a split series stays split, and a file that holds no candles is refused', () => {
  const input = { symbol: 'X', source: 'x', candles: toCandles(walk(5, 300)) }
  const split = makeSeries(input, { gaps: 'split' })
  expect(seriesFromColumns(seriesToColumns(split))).toEqual(split)
  expect(() => seriesFromColumns({ meta: {}, arrays: {} })).toThrow('column file does not hold candles')
  const { meta, arrays } = seriesToColumns(split)
  const short = { ...arrays, low: arrays.low!.subarray(1) }
  expect(() => seriesFromColumns({ meta, arrays: short })).toThrow('column file has no whole column low')
})

test('a bar is closed from its end on', () => {
  expect(isClosed(start, minute, start + minute)).toBe(true)
  expect(isClosed(start, minute, start + minute - 1)).toBe(false)
})

test('bars since a time begin at the first that opens then or later', () => {
  const series = makeSeries({ symbol: 'X', source: 'x', candles: toCandles(walk(5, 4)) }, { gaps: 'keep' })
  expect(barsSince(series, start + 1).openTime[0]).toBe(start + minute)
  expect(barsSince(series, start)).toBe(series)
  expect(() => barsSince(series, start + 9 * minute)).toThrow('X holds no candles')
})
