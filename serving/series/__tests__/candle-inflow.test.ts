import { expect, test } from '@jest/globals'
import { featureSet } from '#core/features'
import { MemoryCandleStore, MemoryChangeFeed, MemoryFeatureSnapshots } from '#platform/memory'
import type { ClosedBars } from '../exchange-poller.ts'
import { after, bitcoin, history } from './histories.ts'
import { FeatureBook } from '../feature-book.ts'
import { openCandleInflow } from '../../main/candle-inflow.ts'

const candles = history(12, 5)

async function openInflow(bars?: ClosedBars) {
  const [store, feed] = [new MemoryCandleStore(), new MemoryChangeFeed()]
  const book = new FeatureBook({ store, snapshots: new MemoryFeatureSnapshots(), clock: after(candles) })
  const changed = new Promise<void>((resolve) => {
    book.onChange(() => {
      resolve()
    })
  })
  const close = await openCandleInflow({ book, feed, bars, onNote: () => undefined })
  return { store, feed, book, changed, close }
}

test('candles that others store reach the series served, those served later too', async () => {
  const { store, feed, book, changed, close } = await openInflow()
  await book.serve(bitcoin, featureSet('classic'))
  await store.import(bitcoin.symbol, bitcoin.widthMs, candles, 1)
  feed.tell('candles')
  await changed
  expect(book.candles(bitcoin, 9)).toEqual(candles)
  await close()
})

test('an exchange is asked for a series as soon as it is served', async () => {
  const { book, changed, close } = await openInflow({ since: () => Promise.resolve(candles) })
  await book.serve(bitcoin, featureSet('classic'))
  await changed
  expect(book.candles(bitcoin, 9)).toEqual(candles)
  await close()
})
