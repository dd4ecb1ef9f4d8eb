import { expect, test } from '@jest/globals'
import { featureSet } from '#core/features'
import { MemoryCandleStore, MemoryChangeFeed, MemoryFeatureSnapshots } from '#platform/memory'
import { PostgresCandleStore, PostgresChangeFeed, PostgresFeatureSnapshots } from '#platform/postgres'
import { testDatabase } from '#platform/postgres/testing'
import { FeatureBook } from '../feature-book.ts'
import { StoreFollower } from '../store-follower.ts'
import { after, bitcoin, history } from './histories.ts'

const set = featureSet('classic')
const candles = history(9, 330)
const clock = after(candles)
const { database } = await testDatabase()

function replica(store = new MemoryCandleStore()) {
  return new FeatureBook({ store, snapshots: new MemoryFeatureSnapshots(), clock })
}

test('replicas on one database agree, bit for bit, on what any of them is given', async () => {
  const open = () => {
    const store = new PostgresCandleStore(database)
    return new FeatureBook({ store, snapshots: new PostgresFeatureSnapshots(database), clock })
  }
  const [writer, reader] = [open(), open()]
  await Promise.all([writer, reader].map((book) => book.serve(bitcoin, set)))
  const follower = new StoreFollower({ book: reader, feed: new PostgresChangeFeed(database), pollMs: 60_000 })
  await follower.start()
  const heard = new Promise<void>((resolve) => {
    reader.onChange((key) => {
      if (reader.view(key).newest.openTime === candles.at(-1)!.openTime) resolve()
    })
  })
  await writer.apply(bitcoin, candles.slice(0, 300))
  for (const candle of candles.slice(300)) await writer.apply(bitcoin, [candle])
  await heard
  expect([...reader.view(bitcoin).features!]).toEqual([...writer.view(bitcoin).features!])
  const row = candles.length - 9
  const revised = { ...candles[row]!, volume: candles[row]!.volume + 1 }
  const changed = new Promise<void>((resolve) => {
    reader.onChange(() => {
      resolve()
    })
  })
  await writer.apply(bitcoin, [revised])
  await changed
  expect([...reader.view(bitcoin).features!]).toEqual([...writer.view(bitcoin).features!])
  expect(reader.candles(bitcoin, 9)[0]).toEqual(revised)
  await follower.stop()
  await Promise.all([writer.close(), reader.close()])
})

test('a service that starts goes on from a stored snapshot, and says what the whole history says', async () => {
  const notes: string[] = []
  const store = new PostgresCandleStore(database)
  const options = { store, snapshots: new PostgresFeatureSnapshots(database), clock, rowsKept: 10 }
  const key = { ...bitcoin, symbol: 'ETH/USDT' }
  const before = new FeatureBook({ ...options, snapshotEvery: 32 })
  await before.serve(key, set)
  await before.apply(key, candles)
  await before.close()
  const [resumed, whole] = [
    new FeatureBook({ ...options, snapshotEvery: 32, onNote: (text) => notes.push(text) }),
    replica(),
  ]
  await resumed.serve(key, set)
  await whole.serve(key, set)
  await whole.apply(key, candles)
  expect(resumed.view(key)).toEqual({ ...whole.view(key), revision: 1 })
  expect(resumed.recentFeatures(key, 10)).toEqual(whole.recentFeatures(key, 10))
  expect(notes).toEqual([])
})

test('late, older and newer candles that others stored are found by looking', async () => {
  const store = new MemoryCandleStore()
  const [book, other] = [replica(store), replica(store)]
  await Promise.all([book, other].map((each) => each.serve(bitcoin, set)))
  const feed = new MemoryChangeFeed()
  const follower = new StoreFollower({ book, feed })
  await follower.start()
  const steps = [candles.slice(10, 300), candles.slice(0, 5), candles.slice(5, 10), candles.slice(300)]
  for (const step of steps) {
    await other.apply(bitcoin, step)
    await follower.look()
    expect(book.view(bitcoin)).toEqual({ ...other.view(bitcoin), revision: expect.any(Number) as unknown })
  }
  const { revision } = book.view(bitcoin)
  feed.tell('candles')
  await follower.look()
  expect(book.view(bitcoin).revision).toBe(revision)
  await follower.stop()
})

test('a notice during a look brings another look, however many notices there are', async () => {
  let looks = 0
  const feed = new MemoryChangeFeed()
  const sync = () => {
    looks += 1
    if (looks === 1) for (let notice = 0; notice < 5; notice++) feed.tell('candles')
    return Promise.resolve(false)
  }
  const follower = new StoreFollower({ book: { keys: () => [bitcoin], sync }, feed })
  await follower.start()
  await follower.look()
  await follower.stop()
  expect(looks).toBe(2)
})

test('a store that cannot be read is read again, and it is said once when it goes and once when it is back', async () => {
  const notes: string[] = []
  let isAway = true
  const sync = () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(true))
  const follower = new StoreFollower({ book: { keys: () => [bitcoin], sync }, onNote: (text) => notes.push(text) })
  await follower.start()
  await follower.look()
  await follower.look()
  isAway = false
  await follower.look()
  await follower.look()
  await follower.stop()
  expect(notes).toEqual([
    'the store is looked at for new candles every 15 s',
    'the candle store cannot be read; it is tried again',
    'the candle store can be read again',
  ])
})

test('without the feed it says that it only looks', async () => {
  const notes: string[] = []
  const feed = { watch: () => Promise.reject(new Error('no')) }
  const follower = new StoreFollower({
    book: { keys: () => [], sync: () => Promise.resolve(false) },
    feed,
    onNote: (text) => notes.push(text),
  })
  await follower.start()
  await follower.stop()
  expect(notes).toEqual(['new candles are not told; the store is looked at for new candles every 15 s'])
})
