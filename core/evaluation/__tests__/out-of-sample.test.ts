import { expect, test } from '@jest/globals'
import { encodeColumns } from '#core/columnar'
import { decodeOutOfSample, encodeOutOfSample, type OutOfSample } from '../index.ts'

const predictions: OutOfSample = {
  rows: 2,
  steps: 2,
  rowIndexes: Int32Array.of(7, 9),
  openTime: Float64Array.of(700, 900),
  probabilities: Float64Array.of(0.2, 0.3, 0.5, 1, 0, 0),
  verdict: Int8Array.of(1, -1),
  target: Int8Array.of(1, -1),
  reach: Int32Array.of(8, 12),
  weight: Float64Array.of(0.5, 1),
  naive: Float64Array.of(0.01, -0.02),
  step: Int32Array.of(0, 1),
}

test('predictions read back are those written, and equal ones are equal bytes', () => {
  const bytes = encodeOutOfSample(predictions)
  expect(decodeOutOfSample(bytes)).toEqual(predictions)
  expect(encodeOutOfSample({ ...predictions, weight: Float64Array.of(0.5, 1) })).toEqual(bytes)
})

test.each([
  ['another kind of file', { meta: { kind: 'candles' }, arrays: {} }],
  ['a column that is short', { meta: { kind: 'out-of-sample', rows: 3, steps: 2 }, arrays: { ...arraysOf() } }],
  ['no columns', { meta: { kind: 'out-of-sample', rows: 2, steps: 2 }, arrays: {} }],
])('%s is refused', (_, file) => {
  const read = () => decodeOutOfSample(encodeColumns(file))
  expect(read).toThrow(expect.objectContaining({ code: 'DATA_SET_INVALID' }))
})

function arraysOf() {
  const { rowIndexes, openTime, probabilities } = predictions
  return { rowIndexes, openTime, probabilities }
}
