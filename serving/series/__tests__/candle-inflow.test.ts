import { expect, test } from '@jest/globals'
import { featureSet } from '#core/features'
import { MemoryCandleStore, MemoryChangeFeed, MemoryFeatureSnapshots } from '#platform/memory'
import type { Champions } from '../../ports.ts'
import { after, bitcoin, history } from './histories.ts'
import { FeatureBook } from '../feature-book.ts'
import { openCandleInflow } from '../../main/candle-inflow.ts'

const candles = history(12, 5)

async function openInflow(exchange?: string) {
  const [store, feed, notes] = [new MemoryCandleStore(), new MemoryChangeFeed(), [] as string[]]
  const book = new FeatureBook({ store, snapshots: new MemoryFeatureSnapshots(), clock: after(candles) })
  const swaps: (() => void)[] = []
  const champions: Pick<Champions, 'onSwap'> = {
    onSwap: (listener) => swaps.push(listener as () => void),
  }
  let heard = (): void => undefined
  const noted = new Promise<void>((resolve) => (heard = resolve))
  const onNote = (text: string): void => {
    notes.push(text)
    heard()
  }
  const close = await openCandleInflow({ book, champions, feed, exchange, onNote })
  return { store, feed, book, swaps, notes, noted, close }
}

test('candles that others store reach the series served, those served later too', async () => {
  const { store, feed, book, close } = await openInflow()
  await book.serve(bitcoin, featureSet('classic'))
  const changed = new Promise<void>((resolve) => {
    book.onChange(() => {
      resolve()
    })
  })
  await store.import(bitcoin.symbol, bitcoin.widthMs, candles, 1)
  feed.tell('candles')
  await changed
  expect(book.candles(bitcoin, 9)).toEqual(candles)
  await close()
})

test('an exchange is asked for a series once a model has brought it', async () => {
  const { book, swaps, notes, noted, close } = await openInflow('nosuch')
  await book.serve(bitcoin, featureSet('classic'))
  for (const swap of swaps) swap()
  await noted
  expect(notes).toEqual(['bars of BTC/USDT 4h cannot be had from the exchange; it is tried again'])
  await close()
})
