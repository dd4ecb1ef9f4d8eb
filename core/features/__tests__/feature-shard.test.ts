import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { makeSeries, sliceSeries, type CandleSeries } from '#core/candles'
import { sha256 } from '#core/hashing'
import { computeFeatures } from '../compute-features.ts'
import { computeShard, freshState } from '../feature-shard.ts'
import type { FeatureSet } from '../feature-set.ts'
import { featureSet } from '../feature-sets.ts'
import { shardRanges } from '../shard-grid.ts'
import { goldenTables, readCandles } from './golden-tables.ts'
import { randomCandles } from './random-candles.ts'
import { firstDifference, seriesOf } from './series.ts'

const width = 14_400_000

/** The whole table put together from shards that end before each of `cuts`, each continuing the one before. */
function fromShards(series: CandleSeries, set: FeatureSet, cuts: readonly number[]): Float64Array {
  const values = new Float64Array(series.rows * set.columns.length)
  let state: Uint8Array | null = null
  let start = 0
  for (const end of [...cuts, series.rows]) {
    const fresh = series.segments.some((segment) => segment.start === start)
    const shard = computeShard(sliceSeries(series, start, end), set, { warmup: 0, state: fresh ? null : state })
    expect(shard.startState).toBe(fresh ? freshState(set) : sha256(state!))
    for (let c = 0; c < set.columns.length; c++) {
      values.set(shard.values.subarray(c * shard.rows, (c + 1) * shard.rows), c * series.rows + start)
    }
    state = shard.endState
    start = end
  }
  return values
}

const cutsOf = (rows: number) =>
  fc.uniqueArray(fc.integer({ min: 1, max: rows - 1 }), { maxLength: 6 }).map((cuts) => cuts.sort((a, b) => a - b))

test.each(['reference', 'classic'])('shards of any cut have the bits of the whole table (%s)', (name) => {
  const set = featureSet(name)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), cutsOf(300), (seed, cuts) => {
      const series = seriesOf(randomCandles(seed, 300))
      expect(firstDifference(fromShards(series, set, cuts), computeFeatures(series, set).values)).toBe(-1)
    }),
    { numRuns: 6 },
  )
})

test('shards of a series split at its gaps have the bits of the whole table', () => {
  const set = featureSet('classic')
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), cutsOf(300), cutsOf(300), (seed, cuts, gaps) => {
      const candles = randomCandles(seed, 300).map((candle, t) => ({
        ...candle,
        openTime: candle.openTime + width * gaps.filter((gap) => gap <= t).length,
      }))
      const series = makeSeries({ symbol: 'A/B', source: 'test', widthMs: width, candles }, { gaps: 'split' })
      expect(firstDifference(fromShards(series, set, cuts), computeFeatures(series, set).values)).toBe(-1)
    }),
    { numRuns: 6 },
  )
})

test.each(goldenTables)('shards of a year have the bits of the whole table ($name)', (golden) => {
  const series = seriesOf(readCandles(golden))
  const set = featureSet('reference')
  const cuts = shardRanges(series).slice(1)
  const values = fromShards(
    series,
    set,
    cuts.map(({ start }) => start),
  )
  expect(firstDifference(values, computeFeatures(series, set).values)).toBe(-1)
})

test('a fresh state is that of the whole history after 4,200 rows of warm-up', () => {
  const [series, set] = [seriesOf(randomCandles(3, 9000)), featureSet('reference')]
  const before = computeShard(sliceSeries(series, 0, 6000), set, { warmup: 0, state: null })
  const guessed = (warmup: number) =>
    computeShard(sliceSeries(series, 6000 - warmup, 6001), set, { warmup, state: null }).startState
  expect(guessed(4200)).toBe(sha256(before.endState))
  expect(guessed(1000)).not.toBe(sha256(before.endState))
})

test('a foreign state is refused', () => {
  const series = seriesOf(randomCandles(3, 10))
  const compute = (state: Uint8Array, warmup = 0) => computeShard(series, featureSet('classic'), { warmup, state })
  expect(() => compute(new Uint8Array(16))).toThrow('a saved feature state of 2 numbers')
  expect(() => compute(new Uint8Array(9))).toThrow('a state of 9 bytes')
  expect(() => compute(new Uint8Array(16), 10)).toThrow('10 rows of warm-up leave no row')
})

test('borders of shards stay where they are when candles come or go at either end', () => {
  const [rows, bars] = [100, 7]
  const all = seriesOf(randomCandles(1, rows))
  const borders = (series: CandleSeries) =>
    shardRanges(series, bars)
      .slice(1)
      .map(({ start }) => series.openTime[start]!)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 49 }), fc.integer({ min: 50, max: rows }), (start, end) => {
      const part = sliceSeries(all, start, end)
      const inside = borders(all).filter((time) => time > part.openTime[0]! && time <= part.openTime.at(-1)!)
      expect(borders(part)).toEqual(inside)
    }),
  )
  const ranges = shardRanges(all, bars)
  expect(ranges.map(({ end }) => end)).toEqual([...ranges.slice(1).map(({ start }) => start), rows])
  expect(Math.max(...ranges.map(({ start, end }) => end - start))).toBe(bars)
})
