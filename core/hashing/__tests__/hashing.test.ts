import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalJson, sha256, sha256Json } from '../hashing.ts'

test('SHA-256 of the empty text is the published value', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('canonical JSON parses back to the same value whatever the key order', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('key order and undefined members do not change a hash, values do', () => {
  expect(sha256Json({ a: 1, b: { c: 2, d: [3] } })).toBe(sha256Json({ b: { d: [3], c: 2 }, a: 1, e: undefined }))
  expect(sha256Json({ a: 1 })).not.toBe(sha256Json({ a: 2 }))
})
