import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeColumns, encodeColumns } from '../columnar.ts'

test('what is encoded decodes to the same numbers, NaN included', () => {
  fc.assert(
    fc.property(fc.float64Array(), fc.int8Array(), fc.int32Array(), (a, b, c) => {
      const file = decodeColumns(encodeColumns({ meta: { rows: a.length }, arrays: { a, b, c } }))
      expect(file.meta).toEqual({ rows: a.length })
      expect(file.arrays).toEqual({ a, b, c })
    }),
  )
})

test('equal content gives equal bytes whatever the order of the arrays', () => {
  const a = Float64Array.of(1, 2)
  const b = Int8Array.of(3)
  expect(encodeColumns({ meta: {}, arrays: { a, b } })).toEqual(encodeColumns({ meta: {}, arrays: { b, a } }))
})

test('truncated bytes are refused', () => {
  const bytes = encodeColumns({ meta: {}, arrays: { a: Float64Array.of(1, 2, 3) } })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
      expect(() => decodeColumns(bytes.slice(0, length))).toThrow(expect.objectContaining({ code: 'DATA_SET_INVALID' }))
    }),
  )
})
