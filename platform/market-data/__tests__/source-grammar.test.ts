import { expect, test } from '@jest/globals'
import { parseCandleSource } from '#platform/market-data'

test('each kind of source is told by its text', () => {
  expect(parseCandleSource('sample:btcusdt-15m')).toEqual({ kind: 'sample', symbol: 'btcusdt', widthMs: 900_000 })
  expect(parseCandleSource('store:BTC/USDT:4h')).toEqual({ kind: 'store', symbol: 'BTC/USDT', widthMs: 14_400_000 })
  expect(parseCandleSource('exchange:binance:BTC/USDT:4h')).toEqual({
    kind: 'exchange',
    exchange: 'binance',
    symbol: 'BTC/USDT',
    widthMs: 14_400_000,
  })
  expect(parseCandleSource('exchange:binance:BTC/USDT:USDT:1h')).toMatchObject({ symbol: 'BTC/USDT:USDT' })
  expect(parseCandleSource('./a/b.CSV.gz')).toEqual({ kind: 'file', path: './a/b.CSV.gz', format: 'csv', gzip: true })
})

test('what is no source says what would be one', () => {
  expect(() => parseCandleSource('candles.xlsx')).toThrow('its name ends in none of .json, .csv, .parquet')
  expect(() => parseCandleSource('exchange:binance')).toThrow('write exchange:NAME:SYMBOL:WIDTH')
  expect(() => parseCandleSource('exchange:binance:BTC/USDT:4x')).toThrow('4x is not a bar width')
  expect(() => parseCandleSource('store:BTC')).toThrow('write store:SYMBOL:WIDTH')
  expect(() => parseCandleSource('sample:dogeusdt-4h')).toThrow('there is no sample dogeusdt-4h; known are btcusdt-4h')
})
