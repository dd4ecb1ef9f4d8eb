import { expect, test } from '@jest/globals'
import type { Candle } from '#core/candles'
import type { ServiceEvent } from '../../ports.ts'
import { freshnessOf, StalenessWatch } from '../staleness-watch.ts'

const width = 1000
const key = { symbol: 'BTC/USDT', widthMs: width }
const candle: Candle = { openTime: 5000, open: 1, high: 1, low: 1, close: 1, volume: 1 }

test('data is stale when no candle has closed for more than two widths', () => {
  expect(freshnessOf(5000, width, 8000)).toEqual({ dataAgeMs: 2000, stale: false })
  expect(freshnessOf(5000, width, 8001)).toEqual({ dataAgeMs: 2001, stale: true })
})

test('each change is told once', () => {
  let now = 6000
  let candles = [candle]
  const heard: ServiceEvent[] = []
  const book = { keys: () => [key], candles: () => candles }
  const watch = new StalenessWatch({ book, events: { emit: (event) => heard.push(event) }, clock: () => now })
  const lookAt = (time: number): void => {
    now = time
    watch.look()
  }
  for (const time of [6000, 8000, 8001, 9000]) lookAt(time)
  candles = [{ ...candle, openTime: 8000 }]
  for (const time of [9001, 9002, 11_001]) lookAt(time)
  expect(heard).toEqual([
    { kind: 'stale', series: key, stale: true, dataAgeMs: 2001 },
    { kind: 'stale', series: key, stale: false, dataAgeMs: 1 },
    { kind: 'stale', series: key, stale: true, dataAgeMs: 2001 },
  ])
})

test('a series without candles is neither fresh nor stale', () => {
  const heard: ServiceEvent[] = []
  const book = { keys: () => [key], candles: () => [] }
  new StalenessWatch({ book, events: { emit: (event) => heard.push(event) }, clock: () => 1e12 }).look()
  expect(heard).toEqual([])
})

test('it looks when it starts and not after it was stopped', () => {
  const heard: ServiceEvent[] = []
  const book = { keys: () => [key], candles: () => [candle] }
  const watch = new StalenessWatch({ book, events: { emit: (event) => heard.push(event) }, clock: () => 1e12 })
  watch.start(1)
  watch.stop()
  expect(heard).toHaveLength(1)
})
