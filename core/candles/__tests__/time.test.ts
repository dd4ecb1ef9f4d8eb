import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatTime, formatTimeframe, parseTime, parseTimeframe } from '#core/candles'

test('widths are read and written as exchanges write them', () => {
  expect(['1m', '15m', '4h', '1d', '1w'].map(parseTimeframe)).toEqual([
    60_000, 900_000, 14_400_000, 86_400_000, 604_800_000,
  ])
  expect(formatTimeframe(14_400_000)).toBe('4h')
  expect(formatTimeframe(90_000)).toBe('90s')
  for (const text of ['', '4', 'h', '0h', '-4h', '4H', '1M', '4.5h', '4h ']) {
    expect(() => parseTimeframe(text)).toThrow('is not a bar width')
  }
  expect(() => formatTimeframe(1500)).toThrow('1500 ms is not a bar width')
})

test('every time of the last centuries survives being written and read', () => {
  fc.assert(
    fc.property(fc.integer({ min: -4e12, max: 7e12 }), (ms) => {
      expect(parseTime(formatTime(ms))).toBe(ms)
    }),
    { seed: 4 },
  )
})

test('a time without a zone is UTC and a zone is taken off', () => {
  const noon = Date.UTC(2020, 1, 29, 12)
  for (const text of [
    '2020-02-29T12:00:00Z',
    '2020-02-29 12:00',
    '2020-02-29T14:00:00.000+02:00',
    '2020-02-29T06:30-0530',
  ]) {
    expect(parseTime(text)).toBe(noon)
  }
  expect(parseTime('2020-02-29')).toBe(noon - 43_200_000)
})

test('what no calendar has is not a time', () => {
  for (const text of ['', 'soon', '2021-02-29', '2020-13-01', '2020-01-01T24:00', '2020-01-01T10:60', '1577836800']) {
    expect(parseTime(text)).toBeNull()
  }
})
