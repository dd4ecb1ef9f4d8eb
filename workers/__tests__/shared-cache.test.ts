import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SharedCache } from '../shared-cache.ts'

test('those who ask together get one memory, made once', async () => {
  const cache = new SharedCache(100)
  let made = 0
  const make = () => {
    made += 1
    return Promise.resolve(new SharedArrayBuffer(10))
  }
  const [a, b] = await Promise.all([cache.get('x', make), cache.get('x', make)])
  expect(a).toBe(b)
  expect(await cache.get('x', make)).toBe(a)
  expect(made).toBe(1)
})

test('a failure is told to all who wait and tried again by the next', async () => {
  const cache = new SharedCache(100)
  const fail = () => Promise.reject(new Error('no'))
  const ends = await Promise.allSettled([cache.get('x', fail), cache.get('x', fail)])
  expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected'])
  expect((await cache.get('x', () => Promise.resolve(new SharedArrayBuffer(1)))).byteLength).toBe(1)
})

test('it keeps the most recently used that fit, whatever is asked', async () => {
  const ask = fc.record({ key: fc.integer({ min: 0, max: 9 }) })
  const size = (key: number) => key * 5
  await fc.assert(
    fc.asyncProperty(fc.array(ask), fc.integer({ min: 0, max: 60 }), async (asks, limit) => {
      const cache = new SharedCache(limit)
      let model: number[] = [] // keys, least recently used first
      for (const { key } of asks) {
        let wasMade = false
        const memory = await cache.get(String(key), () => {
          wasMade = true
          return Promise.resolve(new SharedArrayBuffer(size(key)))
        })
        expect(memory.byteLength).toBe(size(key))
        expect(wasMade).toBe(!model.includes(key))
        model = model.filter((one) => one !== key)
        if (size(key) <= limit) model.push(key)
        while (model.reduce((sum, one) => sum + size(one), 0) > limit) model.shift()
        expect(cache.bytes).toBe(model.reduce((sum, one) => sum + size(one), 0))
      }
    }),
  )
})
