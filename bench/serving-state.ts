import { makeSeries, type Candle } from '#core/candles'
import { computeFeatures, featureSet, newestFeatures } from '#core/features'
import { Random } from '#core/random'
import { MemoryCandleStore, MemoryFeatureSnapshots } from '#platform/memory'
import { FeatureBook } from '../serving/series/feature-book.ts'
import { machine } from './machine.ts'

/**
 * `npm run bench:serving-state`: what the state of a served series costs, over candles in memory: to open it from the
 * whole history and from a snapshot, to take a candle, to put a revised one right, and to answer for a caller's history.
 */
const widthMs = 14_400_000
const key = { symbol: 'BTC/USDT', widthMs }
const set = featureSet('reference')
const random = Random.of('bench serving-state', 1)
let price = 10_000
const candles = Array.from({ length: 8_504 }, (_, t): Candle => {
  const open = price
  price = open * Math.exp(0.01 * random.normal())
  const [high, low] = [Math.max(open, price) * 1.001, Math.min(open, price) * 0.999]
  return { openTime: t * widthMs, open, high, low, close: price, volume: 100 * random.uniform() }
})

/** Processor time in ms of the best try: what other processes take from the machine does not count. */
async function best(repeats: number, work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < repeats; i++) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  return Math.min(...times)
}

const [store, snapshots] = [new MemoryCandleStore(), new MemoryFeatureSnapshots()]
await store.import(key.symbol, widthMs, candles.slice(0, -1000), 1)
const open = async (from = snapshots): Promise<FeatureBook> => {
  const book = new FeatureBook({ store, snapshots: from })
  await book.serve(key, set)
  return book
}
const print = (what: string, ms: number): void => {
  console.log(`${what.padEnd(64)} ${ms.toFixed(ms < 1 ? 3 : 1).padStart(8)} ms`)
}

console.log(machine())
await store.read(key.symbol, widthMs)
const read = await best(5, () => store.read(key.symbol, widthMs))
print('to read 7,504 candles from the store in memory (in the next two)', read)
print('open a series from its whole history', await best(5, () => open(new MemoryFeatureSnapshots())))
const book = await open()
await book.close()
print('open a series from a snapshot, its history verified', await best(5, () => open()))

const live = await open()
let next = 7_504
const each = await best(1, async () => {
  for (; next < candles.length; next++) await live.apply(key, [candles[next]!])
})
print('take one closed candle, of 1,000', each / 1000)
let volume = 0
const revise = (back: number) => () => live.apply(key, [{ ...candles[candles.length - back]!, volume: volume++ }])
print('put a revised candle right, 2 back', await best(9, revise(2)))
print('put a revised candle right, 1,000 back', await best(9, revise(1000)))
print('imagine another close', (await best(5, () => imagine(200))) / 200)

const history = makeSeries({ ...key, source: 'bench', candles: candles.slice(-1500) }, { gaps: 'keep' })
print('newest row of 1,500 candles, from the table', await best(20, () => computeFeatures(history, set)))
print('newest row of 1,500 candles, streamed', await best(20, () => newestFeatures(history, set)))

function imagine(times: number): number {
  for (let i = 0; i < times; i++) live.featuresIfClosedAt(key, price * (1 + i / 10_000))
  return times
}
