import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Candle, CandleStore } from '#core/candles'

/** An empty candle store. */
export interface CandleStoreFixture {
  readonly store: CandleStore
  close(): Promise<void> | void
}

const hour = 3_600_000

/** What every candle store promises. */
export function describeCandleStore(name: string, open: () => Promise<CandleStoreFixture>): void {
  describe(`${name} keeps the promises of a candle store`, () => {
    let fixture: CandleStoreFixture
    let store: CandleStore

    beforeEach(async () => {
      fixture = await open()
      store = fixture.store
    })
    afterEach(() => fixture.close())

    const bar = (row: number, close = 100.1): Candle => ({
      openTime: 1_577_836_800_000 + row * hour,
      open: 0.1 + 0.2,
      high: 1e300,
      low: 5e-324,
      close,
      volume: 12_345.678901234567,
    })
    const bars = (count: number): Candle[] => Array.from({ length: count }, (_, row) => bar(row, 100 + row / 3))
    const put = (candles: Candle[], seenAt: number) => store.import('BTC/USDT', hour, candles, seenAt)
    const read = (range?: { from?: number; to?: number; asOf?: number }) => store.read('BTC/USDT', hour, range)

    test('bars come back by time, to the last bit', async () => {
      expect(await put(bars(50).slice(20), 1000)).toEqual({ inserted: 30, unchanged: 0, revised: 0 })
      expect(await put(bars(20), 1000)).toEqual({ inserted: 20, unchanged: 0, revised: 0 })
      expect(await read()).toEqual(bars(50))
    })

    test('a range is taken by open time, both ends included', async () => {
      await put(bars(10), 1000)
      expect(await read({ from: bar(2).openTime, to: bar(4).openTime })).toEqual(bars(10).slice(2, 5))
      expect(await read({ from: bar(8).openTime - 1 })).toEqual(bars(10).slice(8))
      expect(await read({ from: bar(99).openTime })).toEqual([])
    })

    test('importing the same bars again changes nothing', async () => {
      await put(bars(10), 1000)
      expect(await put(bars(12), 2000)).toEqual({ inserted: 2, unchanged: 10, revised: 0 })
      expect(await read({ asOf: 1000 })).toEqual(bars(10))
    })

    test('a later value is a further revision, and what was known before can still be read', async () => {
      await put([bar(0), bar(1, 1), bar(2)], 1000)
      expect(await put([bar(1, 2), bar(2)], 2000)).toEqual({ inserted: 0, unchanged: 1, revised: 1 })
      expect(await put([bar(1, 1)], 3000)).toEqual({ inserted: 0, unchanged: 0, revised: 1 })
      const closeAsOf = async (asOf: number) => (await read({ asOf })).map(({ close }) => close)
      expect(await closeAsOf(999)).toEqual([])
      expect(await closeAsOf(1000)).toEqual([100.1, 1, 100.1])
      expect(await closeAsOf(2999)).toEqual([100.1, 2, 100.1])
      expect(await read()).toEqual([bar(0), bar(1, 1), bar(2)])
    })

    test('a clock set back does not reorder revisions', async () => {
      await put([bar(0, 1)], 5000)
      await put([bar(0, 2)], 1000)
      expect(await read({ asOf: 4999 })).toEqual([])
      expect(await read({ asOf: 5000 })).toEqual([bar(0, 2)])
    })

    test('bars that do not rise in time are refused whole', async () => {
      await expect(put([bar(0), bar(2), bar(1)], 1000)).rejects.toMatchObject({ code: 'INTERNAL' })
      await expect(put([bar(0), bar(0, 5)], 1000)).rejects.toMatchObject({ code: 'INTERNAL' })
      expect(await read()).toEqual([])
      expect(await store.list()).toEqual([])
    })

    test('imports of one series at once keep each bar once', async () => {
      const results = await Promise.all([put(bars(30), 1000), put(bars(40).slice(10), 1000)])
      expect(results[0].inserted + results[1].inserted).toBe(40)
      expect(await read()).toEqual(bars(40))
    })

    test('series are apart by symbol and width, and listed with their extent', async () => {
      await put(bars(3), 1000)
      await put([bar(1, 9)], 2000)
      await store.import('BTC/USDT', hour / 4, [bar(7)], 1000)
      await store.import('ADA/USDT', hour, [bar(5, 1)], 1000)
      await store.import('ZZZ/USDT', hour, [], 1000)
      expect(await store.read('ADA/USDT', hour)).toEqual([bar(5, 1)])
      const one = (row: number) => ({ rows: 1, firstOpenTime: bar(row).openTime, lastOpenTime: bar(row).openTime })
      const extent = { rows: 3, firstOpenTime: bar(0).openTime, lastOpenTime: bar(2).openTime }
      expect(await store.list()).toEqual([
        { symbol: 'ADA/USDT', widthMs: hour, ...one(5), revisions: 0 },
        { symbol: 'BTC/USDT', widthMs: hour / 4, ...one(7), revisions: 0 },
        { symbol: 'BTC/USDT', widthMs: hour, ...extent, revisions: 1 },
      ])
    })

    test('a series nobody imported is empty', async () => {
      expect(await store.read('NOT/HERE', hour)).toEqual([])
    })
  })
}
