import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Candle } from '#core/candles'
import { featureSet } from '#core/features'
import { sha256, sha256Json } from '#core/hashing'
import { Random } from '#core/random'
import { MemoryCandleStore, MemoryFeatureSnapshots } from '#platform/memory'
import { FeatureBook, type FeatureBookOptions } from '../feature-book.ts'
import { after, batchRows, bitcoin, history, shuffled, start } from './histories.ts'

const set = featureSet('classic')
/** Small enough that the histories of these tests outgrow them. */
const small = { candlesKept: 160, rowsKept: 40, snapshotEvery: 32 }
const whole = history(1, 340)

async function openBook(options: Partial<FeatureBookOptions> = {}) {
  const store = options.store ?? new MemoryCandleStore()
  const snapshots = options.snapshots ?? new MemoryFeatureSnapshots()
  const book = new FeatureBook({ ...small, clock: after(whole), ...options, store, snapshots })
  await book.serve(bitcoin, set)
  return { book, store, snapshots }
}

/** Everything a book says of the series, and the state that the next candle will meet. */
async function everything(book: FeatureBook, snapshots: MemoryFeatureSnapshots) {
  const { newest, features, settledRows } = book.view(bitcoin)
  const probe = book.featuresIfClosedAt(bitcoin, newest.close * 1.01)
  const candles = book.candles(bitcoin, small.candlesKept)
  const rows = book.recentFeatures(bitcoin, small.rowsKept)
  await book.close()
  const [snapshot] = await snapshots.list({ ...bitcoin, featureSetHash: set.hash, gaps: 'keep' })
  const { state, ...rest } = snapshot!
  const numbers = { features: [features], probe: [probe], rows, state: [state] }
  const bits = Object.entries(numbers).map(([name, arrays]) => [name, arrays.map((array) => array && bitsOf(array))])
  return { newest, settledRows, snapshot: rest, bits, candles: sha256Json(candles) }
}

/** As text, because comparing thousands of numbers one by one takes longer than computing them. */
function bitsOf(numbers: Float64Array): string {
  return sha256(new Uint8Array(numbers.map((x) => (Number.isNaN(x) ? NaN : x)).buffer))
}

async function inOneCall(candles: readonly Candle[]) {
  const snapshots = new MemoryFeatureSnapshots()
  const { book } = await openBook({ snapshots })
  await book.apply(bitcoin, candles)
  return everything(book, snapshots)
}

test('streaming one candle at a time says what batch says, bit for bit', async () => {
  const candles = history(2, 300, [210, 211, 250])
  const batch = batchRows(candles, set)
  const { book } = await openBook()
  for (const [row, candle] of candles.entries()) {
    await book.apply(bitcoin, [candle])
    const { features, settledRows } = book.view(bitcoin)
    expect(settledRows).toBe(Math.min(row, set.warmup) + 1)
    expect(features && [...features]).toEqual(row >= set.warmup ? batch[row] : undefined)
  }
  expect(book.recentFeatures(bitcoin, 3).map((row) => [...row])).toEqual(batch.slice(-3))
})

test('a gap that splits begins a segment, as the gap policy of training says', async () => {
  const candles = history(3, 460, [215])
  const batch = batchRows(candles, set, 'split')
  const { book } = await openBook({ gaps: 'split', clock: after(candles) })
  await book.apply(bitcoin, candles.slice(0, 300))
  expect(book.view(bitcoin)).toMatchObject({ features: undefined, settledRows: 85 })
  await book.apply(bitcoin, candles.slice(300))
  expect([...book.view(bitcoin).features!]).toEqual(batch.at(-1))
})

test('any order, partition and repetition of the candles ends in the same state, bit for bit', async () => {
  const expected = await inOneCall(whole)
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(cuts, fc.nat(), fc.boolean(), async (points, seed, mixes) => {
      const random = Random.of('arrival', seed)
      const ends = [...points.sort((a, b) => a - b), whole.length]
      const parts = ends.map((end, i) => whole.slice(ends[i - 1] ?? 0, end))
      const repeats = parts.filter(() => random.uniform() < 0.5)
      const calls = shuffled([...parts, ...repeats], random).map((part) => (mixes ? shuffled(part, random) : part))
      const snapshots = new MemoryFeatureSnapshots()
      const { book } = await openBook({ snapshots })
      await Promise.all(calls.map((call) => book.apply(bitcoin, call)))
      expect(await everything(book, snapshots)).toEqual(expected)
    }),
    { numRuns: 25, seed: 4 },
  )
})

test('revisions anywhere end in the state of the revised history', async () => {
  const revision = fc.record({ row: fc.nat(whole.length - 1), factor: fc.double({ min: 0.9, max: 1.1, noNaN: true }) })
  await fc.assert(
    fc.asyncProperty(fc.array(revision, { minLength: 1, maxLength: 4 }), async (revisions) => {
      const snapshots = new MemoryFeatureSnapshots()
      const { book } = await openBook({ snapshots })
      await book.apply(bitcoin, whole)
      const revised = [...whole]
      for (const { row, factor } of revisions) {
        const close = revised[row]!.close * factor
        const { high, low } = revised[row]!
        revised[row] = { ...revised[row]!, close, high: Math.max(high, close), low: Math.min(low, close) }
        await book.apply(bitcoin, [revised[row]])
      }
      expect(await everything(book, snapshots)).toEqual(await inOneCall(revised))
    }),
    { numRuns: 15, seed: 5 },
  )
})

describe('each kind of candle has its answer', () => {
  const [first, second, third, fourth] = history(6, 4) as [Candle, Candle, Candle, Candle]
  const other = { ...second, volume: 1 }
  const given = async (...before: Candle[]) => {
    const { book, store } = await openBook({ clock: () => fourth.openTime })
    if (before.length > 0) await book.apply(bitcoin, before)
    return { book, read: () => store.read(bitcoin.symbol, bitcoin.widthMs) }
  }

  test('new at the end', async () => {
    const { book } = await given(first)
    const receipt = await book.apply(bitcoin, [second, third])
    expect(receipt).toEqual({ appended: 2, repeated: 0, revised: 0, newestOpenTime: third.openTime })
  })

  test('repeated, and twice in one call', async () => {
    const { book } = await given(first, second)
    const { revision } = book.view(bitcoin)
    const receipt = await book.apply(bitcoin, [second, first, second])
    expect(receipt).toEqual({ appended: 0, repeated: 3, revised: 0, newestOpenTime: second.openTime })
    expect(book.view(bitcoin).revision).toBe(revision)
  })

  test('contradicting a known one', async () => {
    const { book, read } = await given(first, second, third)
    const receipt = await book.apply(bitcoin, [other])
    expect(receipt).toEqual({ appended: 0, repeated: 0, revised: 1, newestOpenTime: third.openTime })
    expect(book.candles(bitcoin, 9)).toEqual([first, other, third])
    expect(await read()).toEqual([first, other, third])
  })

  test('late: older than the newest and missing', async () => {
    const { book } = await given(first, third)
    const receipt = await book.apply(bitcoin, [second])
    expect(receipt).toEqual({ appended: 0, repeated: 0, revised: 1, newestOpenTime: third.openTime })
    expect(book.candles(bitcoin, 9)).toEqual([first, second, third])
  })

  test.each([
    ['of one time with different values in one call', [second, other], 'CANDLES_CONTRADICT'],
    ['not closed yet', [second, fourth], 'CANDLE_NOT_CLOSED'],
    ['in the future', [{ ...fourth, openTime: fourth.openTime + 1 }], 'CANDLES_OFF_GRID'],
    ['in the future', [{ ...fourth, openTime: fourth.openTime + bitcoin.widthMs }], 'CANDLE_IN_FUTURE'],
    ['off the grid', [{ ...second, openTime: second.openTime + 60_000 }], 'CANDLES_OFF_GRID'],
    ['with a high below its close', [second, { ...third, high: third.low }], 'CANDLE_HIGH'],
    ['with a low above its open', [{ ...third, low: third.high }], 'CANDLE_LOW'],
    ['without a price', [{ ...third, low: 0 }], 'CANDLE_PRICE'],
    ['with a negative volume', [{ ...third, volume: -1 }], 'CANDLE_VOLUME'],
    ['that are not numbers', [{ ...third, close: NaN }], 'CANDLE_NOT_FINITE'],
    ['of no number', [], 'CANDLES_EMPTY'],
  ])('%s: refused whole (%#)', async (_, candles, code) => {
    const { book, read } = await given(first)
    const before = book.view(bitcoin)
    await expect(book.apply(bitcoin, candles)).rejects.toMatchObject({ code })
    expect(book.view(bitcoin)).toBe(before)
    expect(await read()).toEqual([first])
  })

  test('more than one call may have', async () => {
    const { book } = await openBook({ callLimit: 3 })
    await expect(book.apply(bitcoin, whole.slice(0, 4))).rejects.toMatchObject({
      code: 'CANDLES_TOO_MANY',
      details: { rows: 4, limit: 3 },
    })
  })
})

test('a series that is not served, and one without candles, say so', async () => {
  const { book } = await openBook()
  expect(() => book.view(bitcoin)).toThrow(expect.objectContaining({ code: 'NO_CANDLES' }))
  expect(book.candles(bitcoin, 5)).toEqual([])
  const ether = { ...bitcoin, symbol: 'ETH/USDT' }
  expect(() => book.view(ether)).toThrow('ETH/USDT 4h is not served here; served are BTC/USDT 4h')
  await expect(book.apply(ether, whole)).rejects.toMatchObject({ code: 'SERIES_NOT_SERVED' })
})

test('the newest candle can be imagined with another close, and nothing moves', async () => {
  const { book } = await openBook()
  await book.apply(bitcoin, whole)
  const last = whole.at(-1)!
  const state = [...book.view(bitcoin).features!]
  for (const close of [last.close, last.high * 1.1, last.low * 0.9]) {
    const imagined = { ...last, close, high: Math.max(last.high, close), low: Math.min(last.low, close) }
    const expected = batchRows([...whole.slice(0, -1), imagined], set).at(-1)
    expect([...book.featuresIfClosedAt(bitcoin, close)!]).toEqual(expected)
  }
  expect([...book.view(bitcoin).features!]).toEqual(state)
})

test('writes beyond the limit of those that wait are refused', async () => {
  const { book } = await openBook({ queueLimit: 2 })
  const calls = [0, 1, 2].map((row) => book.apply(bitcoin, [whole[row]!]))
  const ends = await Promise.allSettled(calls)
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  expect(ends[2]).toMatchObject({ reason: { code: 'SERIES_BUSY', details: { waiting: 2 } } })
})

test('listeners hear of each change in order; one that throws keeps no other from hearing', async () => {
  const notes: string[] = []
  const { book } = await openBook({ onNote: (text) => notes.push(text) })
  const heard: number[] = []
  book.onChange(() => {
    throw new Error('no')
  })
  book.onChange((key) => heard.push(book.view(key).newest.openTime))
  await Promise.all(whole.slice(0, 3).map((candle) => book.apply(bitcoin, [candle])))
  expect(heard).toEqual([0, 1, 2].map((row) => start + row * bitcoin.widthMs))
  expect(notes).toHaveLength(3)
})
