import { expect, test } from '@jest/globals'
import { featureSet } from '#core/features'
import { MemoryCandleStore, MemoryFeatureSnapshots } from '#platform/memory'
import { FeatureBook } from '../feature-book.ts'
import { loadTrack } from '../load-track.ts'
import { after, batchRows, bitcoin, history } from './histories.ts'

const set = featureSet('classic')
const candles = history(11, 400, [330, 331])
const options = { gaps: 'keep', candlesKept: 160, rowsKept: 40, blockCandles: 32 } as const
const series = { ...bitcoin, featureSetHash: set.hash, gaps: 'keep' } as const

const bookOf = (store: MemoryCandleStore, snapshots: MemoryFeatureSnapshots) =>
  new FeatureBook({ store, snapshots, clock: after(candles), candlesKept: 160, rowsKept: 40, snapshotEvery: 32 })

async function stored() {
  const [store, snapshots] = [new MemoryCandleStore(), new MemoryFeatureSnapshots()]
  const book = bookOf(store, snapshots)
  await book.serve(bitcoin, set)
  for (let row = 0; row < candles.length; row += 40) await book.apply(bitcoin, candles.slice(row, row + 40))
  await book.close()
  return { store, kept: await snapshots.list(series) }
}

test('it starts from the newest snapshot that leaves enough rows, and has the bits of the whole history', async () => {
  const { store, kept } = await stored()
  const whole = await loadTrack(bitcoin, set, store, [], options)
  const { track, resumedAt } = await loadTrack(bitcoin, set, store, kept, options)
  expect(whole.resumedAt).toBeNull()
  expect(candles.filter(({ openTime }) => openTime > resumedAt!).length).toBeLessThan(40 + 2 * 32)
  expect(track.recentFeatures(40)).toEqual(whole.track.recentFeatures(40))
  expect(track.recentFeatures(40).map((row) => [...row])).toEqual(batchRows(candles, set).slice(-40))
  expect(track.snapshot()).toEqual(whole.track.snapshot())
  expect(track.candles(160)).toEqual(whole.track.candles(160))
})

test('a snapshot of another history is passed over, whichever bar differs', async () => {
  const { store, kept } = await stored()
  const oldest = kept.at(-1)!
  const between = candles.findLast(({ openTime }) => openTime > oldest.openTime && openTime < kept[3]!.openTime)!
  await store.import(bitcoin.symbol, bitcoin.widthMs, [{ ...between, volume: 1 }], 1)
  const later = await loadTrack(bitcoin, set, store, kept, options)
  expect(later.resumedAt).not.toBeNull()
  expect(later.resumedAt).toBeLessThan(between.openTime)
  await store.import(bitcoin.symbol, bitcoin.widthMs, [{ ...candles[0]!, volume: 1 }], 1)
  const { track, resumedAt, stored: counts } = await loadTrack(bitcoin, set, store, kept, options)
  expect(resumedAt).toBeNull()
  expect(counts).toEqual({ rows: candles.length, revisions: 2 })
  expect(track.snapshot()).toEqual((await loadTrack(bitcoin, set, store, [], options)).track.snapshot())
})

test('a start leaves a snapshot that the next one goes on from', async () => {
  const { store } = await stored()
  const snapshots = new MemoryFeatureSnapshots()
  const book = bookOf(store, snapshots)
  await book.serve(bitcoin, set)
  const { resumedAt } = await loadTrack(bitcoin, set, store, await snapshots.list(series), options)
  expect(resumedAt).not.toBeNull()
})

test('a snapshot whose bar is no longer there is passed over', async () => {
  const { store, kept } = await stored()
  const astray = kept.map((snapshot) => ({ ...snapshot, openTime: snapshot.openTime + 1 }))
  expect((await loadTrack(bitcoin, set, store, astray, options)).resumedAt).toBeNull()
})

test('snapshots that cannot be read or kept keep nobody from an answer, and are said', async () => {
  const notes: string[] = []
  const { store } = await stored()
  const fail = () => Promise.reject(new Error('away'))
  const book = new FeatureBook({
    store,
    snapshots: { list: fail, save: fail },
    clock: after(candles),
    onNote: (text) => notes.push(text),
  })
  await book.serve(bitcoin, set)
  expect([...book.view(bitcoin).features!]).toEqual(batchRows(candles, set).at(-1))
  await book.close()
  expect(notes).toEqual([
    'feature snapshots cannot be read; the whole history is computed',
    'a feature snapshot could not be kept; a later start computes more',
    'a feature snapshot could not be kept; a later start computes more',
  ])
})

test('a store that fails after candles were stored leaves the state as it was, and the next call catches up', async () => {
  const { store } = await stored()
  const book = new FeatureBook({ store, snapshots: new MemoryFeatureSnapshots(), clock: after(candles) })
  await book.serve(bitcoin, set)
  const before = book.view(bitcoin)
  const read = store.read.bind(store)
  store.read = () => Promise.reject(new Error('away'))
  const revised = { ...candles[390]!, volume: 1 }
  await expect(book.apply(bitcoin, [revised])).rejects.toThrow('away')
  expect(book.view(bitcoin)).toBe(before)
  store.read = read
  const receipt = await book.apply(bitcoin, [revised])
  expect(receipt).toMatchObject({ repeated: 1, revised: 0 })
  const now = candles.map((candle) => (candle.openTime === revised.openTime ? revised : candle))
  expect([...book.view(bitcoin).features!]).toEqual(batchRows(now, set).at(-1))
})
