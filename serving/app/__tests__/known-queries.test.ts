import { parse } from 'node:querystring'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { knownQueries } from '../known-queries.ts'

test('a query says the same the first time and every time after, and nobody can change it', () => {
  const queries = knownQueries()
  fc.assert(
    fc.property(fc.webQueryParameters(), (text) => {
      const query = queries(text)
      expect(query).toEqual(parse(text))
      expect(Object.isFrozen(query)).toBe(true)
      expect(queries(text)).toEqual(query)
    }),
    { seed: 7 },
  )
})

test('what is asked again is not read again, unless it is long or others have been asked since', () => {
  const queries = knownQueries()
  const text = 'symbol=BTC/USDT&timeframe=4h'
  expect(queries(text)).toBe(queries(text))
  const long = `symbol=${'A'.repeat(200)}`
  expect(queries(long)).not.toBe(queries(long))
  const before = queries(text)
  for (let i = 0; i < 256; i++) queries(`limit=${i}`)
  expect(queries(text)).not.toBe(before)
})
