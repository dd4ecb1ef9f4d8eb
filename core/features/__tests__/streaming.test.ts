import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Random } from '#core/random'
import type { Candle } from '#core/candles'
import { computeFeatures } from '../compute-features.ts'
import { featureSet } from '../feature-sets.ts'
import type { FeatureSet, FeatureTable } from '../feature-set.ts'
import { newestFeatures } from '../newest-features.ts'
import { openFeatureStream } from '../feature-stream.ts'
import { syntheticCandles } from '../fingerprint.ts'
import { fixture, readCandles } from './golden-tables.ts'
import { randomCandles } from './random-candles.ts'
import { firstDifference, seriesOf } from './series.ts'

const sets = ['reference', 'classic'].map((name) => featureSet(name))
const real = readCandles(fixture)

test.each(sets)('streaming with restarts is bit-equal to batch over random series ($name)', (set) => {
  const restarts = fc.array(fc.nat({ max: 259 }), { maxLength: 5 })
  fc.assert(
    fc.property(fc.nat(), restarts, (seed, restartRows) => {
      expectStreamEqualsBatch(set, randomCandles(seed, 260), new Set(restartRows))
    }),
    { numRuns: 10, seed: 1 },
  )
})

test.each(sets)('streaming with restarts is bit-equal to batch over real candles ($name)', (set) => {
  const random = Random.of('restarts', 7)
  const restarts = new Set(Array.from({ length: 40 }, () => random.below(real.length)))
  expectStreamEqualsBatch(set, real, restarts)
})

test.each(sets)('a stream that was advanced goes on as one that gave every row ($name)', (set) => {
  const random = Random.of('advance', 7)
  const [advanced, stepped] = [openFeatureStream(set), openFeatureStream(set)]
  for (const candle of real.slice(0, 700)) {
    const row = stepped.step(candle)
    if (random.uniform() < 0.9) advanced.advance(candle)
    else expect(firstDifference(advanced.step(candle), row)).toBe(-1)
  }
  expect(firstDifference(advanced.save(), stepped.save())).toBe(-1)
})

test('the newest row on its own is that of the table', () => {
  for (const set of sets) {
    const series = seriesOf(real.slice(0, 500))
    const split = {
      ...series,
      segments: [
        { start: 0, end: 120 },
        { start: 120, end: 500 },
      ],
    }
    for (const each of [series, split]) {
      const table = computeFeatures(each, set)
      const row = Float64Array.from(set.columns, (name) => table.column(name)[499]!)
      expect(firstDifference(newestFeatures(each, set), row)).toBe(-1)
    }
  }
})

test.each(sets)('no feature reads a candle after its row ($name)', (set) => {
  const random = Random.of('causality', 7)
  const candles = real.slice(0, 420)
  const whole = computeFeatures(seriesOf(candles), set)
  for (const t of [0, 1, 40, 99, 100, 200, 350, 418]) {
    const mutated = candles.map((candle, i) =>
      i > t ? { ...randomCandles(random.uint32(), 1)[0]!, openTime: candle.openTime } : candle,
    )
    const other = computeFeatures(seriesOf(mutated), set)
    expect(difference(set, whole, other, t + 1)).toBeNull()
  }
})

test.each(sets)('each segment starts afresh ($name)', (set) => {
  const whole = seriesOf(real.slice(0, 500))
  const segments = [
    { start: 0, end: 230 },
    { start: 230, end: 500 },
  ]
  const split = computeFeatures({ ...whole, segments }, set)
  const tail = computeFeatures(seriesOf(real.slice(230, 500)), set)
  for (const name of set.columns) {
    expect([name, firstDifference(split.column(name).subarray(230), tail.column(name))]).toEqual([name, -1])
  }
})

test.each(sets)("every column is defined from its kernel's warm-up on ($name)", (set) => {
  const table = computeFeatures(seriesOf(real), set)
  for (const { columns, warmup } of set.kernels) {
    for (const name of columns) expect([name, table.column(name).slice(warmup).includes(NaN)]).toEqual([name, false])
  }
})

test('a table lies in shared memory, column after column', () => {
  const table = computeFeatures(seriesOf(syntheticCandles(50)), featureSet('reference'))
  expect(table.values.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(table.column(table.columns[1]!).byteOffset).toBe(50 * 8)
  expect(() => table.column('nosuch')).toThrow('there is no feature nosuch')
})

test('a state of another size is refused', () => {
  expect(() => {
    openFeatureStream(featureSet('reference')).restore(new Float64Array(3))
  }).toThrow('a saved feature state of 3 numbers')
})

test('an unknown feature set is named with those known', () => {
  expect(() => featureSet('nosuch')).toThrow(/there is no feature set nosuch; known are reference/)
})

/** Streams the candles, continuing in a fresh stream from the saved state before each row of `restarts`. */
function expectStreamEqualsBatch(set: FeatureSet, candles: readonly Candle[], restarts: ReadonlySet<number>): void {
  const batch = computeFeatures(seriesOf(candles), set)
  const values = new Float64Array(batch.values.length)
  let stream = openFeatureStream(set)
  candles.forEach((candle, t) => {
    if (restarts.has(t)) {
      const saved = stream.save()
      stream = openFeatureStream(set)
      stream.restore(saved)
    }
    const row = stream.step(candle)
    for (let c = 0; c < row.length; c++) values[c * candles.length + t] = row[c]!
  })
  const streamed = { ...batch, column: (name: string) => columnOf(values, set, candles.length, name) }
  expect(difference(set, batch, streamed, candles.length)).toBeNull()
}

function columnOf(values: Float64Array, set: FeatureSet, rows: number, name: string): Float64Array {
  const c = set.columns.indexOf(name)
  return values.subarray(c * rows, (c + 1) * rows)
}

/** The first value of the first `rows` rows whose bits differ, as text; null when none does. */
function difference(
  set: FeatureSet,
  left: Pick<FeatureTable, 'column'>,
  right: Pick<FeatureTable, 'column'>,
  rows: number,
): string | null {
  for (const name of set.columns) {
    const t = firstDifference(left.column(name).subarray(0, rows), right.column(name).subarray(0, rows))
    if (t >= 0) return `${name}[${t}]: ${left.column(name)[t]} and ${right.column(name)[t]}`
  }
  return null
}
