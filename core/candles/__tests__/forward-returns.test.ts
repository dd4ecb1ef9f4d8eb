import { expect, test } from '@jest/globals'
import { forwardReturns } from '#core/candles'

const column = (...values: readonly number[]) => Float64Array.from(values)
const series = {
  rows: 6,
  open: column(1, 100, 110, 121, 50, 60),
  close: column(9, 104, 120, 130, 55, 66),
  segments: [
    { start: 0, end: 4 },
    { start: 4, end: 6 },
  ],
}

test('a position is entered at the next open and left at the close of the last bar held', () => {
  const { long, short } = forwardReturns(series, 2, 0)
  expect(long[0]).toBeCloseTo(120 / 100 - 1, 12)
  expect(long[1]).toBeCloseTo(130 / 110 - 1, 12)
  expect(short[0]).toBeCloseTo(1 - 120 / 100, 12)
})

test('a fee is paid on both sides', () => {
  const { long, short } = forwardReturns(series, 1, 100)
  expect(long[0]).toBeCloseTo((104 * 0.99) / (100 * 1.01) - 1, 12)
  expect(short[0]).toBeCloseTo((100 * 0.99 - 104 * 1.01) / 100, 12)
})

test('nothing is known of rows whose segment ends before the exit', () => {
  const { long, short } = forwardReturns(series, 2, 0)
  expect([...long].map(Number.isNaN)).toEqual([false, false, true, true, true, true])
  expect([...short].map(Number.isNaN)).toEqual([false, false, true, true, true, true])
})
