import { expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { Candle } from '#core/candles'
import { featureSet } from '#core/features'
import { MemoryCandleStore, MemoryFeatureSnapshots } from '#platform/memory'
import { ExchangePoller, type ClosedBars } from '../exchange-poller.ts'
import { FeatureBook } from '../feature-book.ts'
import { bitcoin, history, start } from './histories.ts'

const { widthMs } = bitcoin
const bars = history(8, 12)
const away = new BullpenError('EXCHANGE_UNREACHABLE', { exchange: 'test', reason: 'gone' })

/** A poller whose time passes only while it waits, until `end`; the exchange lists each bar `lateMs` after its close. */
async function poll(options: {
  from: number
  end: number
  lateMs?: number
  given?: readonly Candle[]
  failures?: Error[]
}) {
  const { end, lateMs = 0, given = [], failures = [] } = options
  let now = options.from
  const asked: { at: number; from: number }[] = []
  const exchange: ClosedBars = {
    since: (_symbol, _widthMs, from) => {
      asked.push({ at: now - start, from: from - start })
      const failure = failures.shift()
      if (failure) return Promise.reject(failure)
      return Promise.resolve(bars.filter(({ openTime }) => openTime >= from && openTime + widthMs + lateMs <= now))
    },
  }
  const book = new FeatureBook({
    store: new MemoryCandleStore(),
    snapshots: new MemoryFeatureSnapshots(),
    clock: () => now,
  })
  await book.serve(bitcoin, featureSet('classic'))
  if (given.length > 0) await book.apply(bitcoin, given)
  const notes: string[] = []
  let ended: (() => void) | undefined
  const over = new Promise<void>((resolve) => (ended = resolve))
  const poller = new ExchangePoller({
    book,
    bars: exchange,
    clock: () => now,
    onNote: (text) => notes.push(text),
    firstBars: 5,
    wait: async (ms, signal) => {
      if (now + ms > end) {
        ended!()
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve()
          })
        })
      }
      now += ms
      await Promise.resolve()
    },
  })
  poller.follow(bitcoin)
  poller.follow(bitcoin)
  await over
  await poller.stop()
  return { asked, notes, newest: book.candles(bitcoin, 100).map(({ openTime }) => (openTime - start) / widthMs) }
}

test('a series without candles begins some bars back, then each bar is asked for once it has closed and settled', async () => {
  const { asked, newest, notes } = await poll({ from: start + 5.5 * widthMs, end: start + 8.5 * widthMs })
  expect(newest).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(asked).toEqual([
    { at: 5.5 * widthMs, from: 0 },
    { at: 6 * widthMs + 2000, from: 2 * widthMs },
    { at: 7 * widthMs + 2000, from: 3 * widthMs },
    { at: 8 * widthMs + 2000, from: 4 * widthMs },
  ])
  expect(notes).toEqual([])
})

test('what was missed while nobody polled is caught up with in one call', async () => {
  const { asked, newest } = await poll({
    from: start + 6.5 * widthMs,
    end: start + 6.9 * widthMs,
    given: bars.slice(0, 3),
  })
  expect(newest).toEqual([0, 1, 2, 3, 4, 5])
  expect(asked).toHaveLength(1)
})

test('a bar that the exchange lists late is asked for again, at doubling pauses', async () => {
  const { asked, newest } = await poll({
    from: start + 3 * widthMs,
    end: start + 4.5 * widthMs,
    given: bars.slice(0, 3),
    lateMs: 10_000,
  })
  expect(newest).toEqual([0, 1, 2, 3])
  const seconds = asked.map(({ at }) => (at - 4 * widthMs) / 1000)
  expect(seconds).toEqual([2, 3, 5, 9, 17])
})

test('an exchange that cannot be reached is tried again, and it is said once when it goes and once when it is back', async () => {
  const { newest, notes } = await poll({
    from: start + 3 * widthMs,
    end: start + 4.5 * widthMs,
    given: bars.slice(0, 3),
    failures: [away, away, away],
  })
  expect(newest).toEqual([0, 1, 2, 3])
  expect(notes).toEqual([
    'bars of BTC/USDT 4h cannot be had from the exchange; it is tried again',
    'bars of BTC/USDT 4h come from the exchange again',
  ])
})
