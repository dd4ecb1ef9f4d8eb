import { expect, test } from '@jest/globals'
import type { CandleSeries } from '#core/candles'
import { buildTrainingTable, decodeTrainingTable, encodeTrainingTable, gatherMatrix, questionLabels } from '../index.ts'

test('a training table survives its file unchanged and as views onto the bytes', () => {
  const table = smallTable()
  const encoded = encodeTrainingTable(table)
  const shared = new Uint8Array(new SharedArrayBuffer(encoded.length))
  shared.set(encoded)
  const decoded = decodeTrainingTable(shared)
  expect(decoded).toEqual(table)
  expect(decoded.values.buffer).toBe(shared.buffer)
  expect(encodeTrainingTable(decoded)).toEqual(encoded)
})

test('bytes that are not a training table are refused', () => {
  const { naive, ...rest } = smallTable()
  const torn = encodeTrainingTable({ ...rest, naive: naive.subarray(1) })
  expect(() => decodeTrainingTable(torn)).toThrow(expect.objectContaining({ code: 'DATA_SET_INVALID' }))
  expect(() => decodeTrainingTable(new Uint8Array(64))).toThrow(expect.objectContaining({ code: 'DATA_SET_INVALID' }))
})

test('warm-up is counted from the start of every segment', () => {
  expect(Array.from(smallTable().settled)).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 1, 0])
})

test('parts of different length or feature set are refused', () => {
  const refused = expect.objectContaining({ code: 'DATA_SET_INVALID' })
  expect(() => smallTable({ naive: new Float64Array(9) })).toThrow(refused)
  expect(() => smallTable({ featureSet: { hash: 'b'.repeat(64), warmup: 2 } })).toThrow(refused)
})

test('a gathered matrix holds the asked rows and columns, row by row', () => {
  const table = smallTable()
  expect(Array.from(gatherMatrix(table, [2, 0], { rows: Uint32Array.of(1, 9) }).data)).toEqual([21, 1, 29, 9])
  const whole = gatherMatrix(table, [1], { shared: true })
  expect(whole).toMatchObject({ rows: 10, columns: 1 })
  expect(Array.from(whole.data)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
  expect(whole.data.buffer).toBeInstanceOf(SharedArrayBuffer)
})

test('questions turn targets into booster labels', () => {
  const target = Int8Array.of(-1, 0, 1)
  expect(Array.from(questionLabels(target, 'verdict'))).toEqual([0, 1, 2])
  expect(Array.from(questionLabels(target, 'up'))).toEqual([0, 0, 1])
  expect(Array.from(questionLabels(target, 'down'))).toEqual([1, 0, 0])
})

/** Ten rows in segments of 4, 5 and 1; the value of column c in row t is 10c + t. */
function smallTable(over: Partial<Parameters<typeof buildTrainingTable>[0]> = {}) {
  const rows = 10
  const count = Float64Array.from({ length: rows }, (_, row) => row)
  const series: CandleSeries = {
    symbol: 'BTC/USDT',
    widthMs: 1,
    rows,
    openTime: count,
    open: count,
    high: count,
    low: count,
    close: count,
    volume: count,
    gaps: [],
    segments: [
      { start: 0, end: 4 },
      { start: 4, end: 9 },
      { start: 9, end: 10 },
    ],
    duplicatesDropped: 0,
  }
  const hash = 'a'.repeat(64)
  return buildTrainingTable({
    series,
    featureSet: { hash, warmup: 2 },
    features: {
      set: 'test',
      hash,
      rows,
      columns: ['a', 'b', 'c'],
      values: Float64Array.from({ length: 30 }, (_, i) => i),
    },
    labels: {
      target: new Int8Array(rows),
      reach: Int32Array.from(count),
      complete: new Uint8Array(rows).fill(1),
      weight: new Float64Array(rows).fill(1),
      maxReach: 3,
    },
    naive: count,
    ...over,
  })
}
