import { afterEach, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BullpenError } from '#core/errors'
import type { Task } from '#core/protocol'
import type { MapResult } from '../map-options.ts'
import type { Pool } from '../pool.ts'
import { endless, poolOf, turns, WatchedQueue } from './fixtures/pool-of.ts'

const open: Pool[] = []
afterEach(async () => {
  for (const pool of open.splice(0)) await pool.close()
})

function opened(...args: Parameters<typeof poolOf>) {
  const fixture = poolOf(...args)
  open.push(fixture.pool)
  return fixture
}

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const result of results) list.push(result)
  return list
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

test('results come in the order of items, whichever ends first', async () => {
  const { pool } = opened((n: number) => turns(20 - n).then(() => n * 2), { workers: 20 })
  const results = await all(pool.map('t', range(20)))
  expect(results.map(({ index, output }) => [index, output])).toEqual(range(20).map((n) => [n, n * 2]))
})

test('unordered results come as they end, with the index of their item', async () => {
  const { pool } = opened((n: number) => turns((20 - n) * 5).then(() => n * 2), { workers: 20 })
  const results = await all(pool.map('t', range(20), { ordered: false }))
  expect(results[0]).toMatchObject({ index: 19, output: 38 })
  expect(results.map(({ index }) => index).sort((a, b) => a - b)).toEqual(range(20))
})

test('never more items are under way than the bound, whatever the speeds, and every item has one result', async () => {
  const speeds = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 8 })
  const rule = fc.asyncProperty(
    fc.record({
      items: fc.nat({ max: 60 }),
      concurrency: fc.integer({ min: 1, max: 20 }),
      workers: fc.integer({ min: 1, max: 6 }),
      ordered: fc.boolean(),
      isAsync: fc.boolean(),
      work: speeds,
      reading: speeds,
      source: speeds,
    }),
    async ({ items, concurrency, workers, ordered, isAsync, work, reading, source }) => {
      let taken = 0
      let read = 0
      let most = 0
      function* numbers() {
        while (taken < items) {
          most = Math.max(most, taken + 1 - read)
          yield taken++
        }
      }
      async function* slowNumbers() {
        for (const n of numbers()) {
          await turns(source[n % source.length]!)
          yield n
        }
      }
      const { pool } = poolOf((n: number) => turns(work[n % work.length]!).then(() => n), { workers })
      const indexes: number[] = []
      const from = isAsync ? slowNumbers() : numbers()
      for await (const { index, output } of pool.map('t', from, { concurrency, ordered })) {
        read += 1
        expect(output).toBe(index)
        indexes.push(index)
        await turns(reading[index % reading.length]!)
      }
      await pool.close()
      expect(most).toBeLessThanOrEqual(concurrency + 1) // the result just handed over is not counted here yet
      expect(ordered ? indexes : indexes.sort((a, b) => a - b)).toEqual(range(items))
    },
  )
  await fc.assert(rule, { numRuns: 60 })
})

test('a reader that stops reading stops the source', async () => {
  const { pool } = opened((n: number) => n)
  const source = endless()
  const results = pool.map('t', source.items(), { concurrency: 7 })
  await results.next()
  await turns(100)
  expect(source.taken).toBe(8) // one read, seven under way or waiting to be read
  await results.return()
})

test('nothing is taken from the source before the first result is asked for', async () => {
  const { pool } = opened((n: number) => n)
  const source = endless()
  const results = pool.map('t', source.items())
  await turns(20)
  expect(source.taken).toBe(0)
  await results.return()
})

test('a failed item ends an ordered map in its turn, with its index, and drops the rest', async () => {
  const { pool, queue } = opened((n: number) => {
    if (n === 5) throw new Error('five')
    return n
  })
  const source = endless()
  const seen: number[] = []
  const reading = (async () => {
    for await (const { index } of pool.map('t', source.items(), { concurrency: 50 })) seen.push(index)
  })()
  await expect(reading).rejects.toMatchObject({
    code: 'ITEM_FAILED',
    details: { index: 5, module: 't' },
    cause: { code: 'INTERNAL' },
  })
  expect(seen).toEqual([0, 1, 2, 3, 4])
  expect(source.ended).toBe(true)
  expect(queue.leftOver()).toEqual([])
})

test('with onError yield a failed item is a result like others', async () => {
  const { pool } = opened((n: number) => {
    if (n % 3 === 1) throw new Error('no')
    return n
  })
  const results: MapResult<unknown>[] = await all(pool.map('t', range(10), { onError: 'yield' }))
  expect(results.map(({ ok }) => ok)).toEqual(range(10).map((n) => n % 3 !== 1))
  expect(results[1]).toMatchObject({ index: 1, attempts: 1, error: { code: 'INTERNAL' } })
})

test('an item that is no JSON or too large fails by itself, without an attempt', async () => {
  const { pool } = opened(() => 1)
  const items = [1, Number.NaN, 'x'.repeat(1_000_001), { at: new Date(0) }, 2]
  const results = await all(pool.map('t', items, { onError: 'yield' }))
  expect(results.map(({ ok }) => ok)).toEqual([true, false, false, false, true])
  expect(results[3]).toMatchObject({ attempts: 0, error: { code: 'ITEM_INVALID', details: { index: 3 } } })
  expect((results[2] as { error: Error }).error.message).toMatch('the limit is 1000000')
})

test('errors that may pass are tried again, as often as told', async () => {
  const timed = (n: number, _: unknown, { attempt }: { attempt: number }) =>
    attempt > n ? attempt : new Promise(() => undefined)
  const queue = new WatchedQueue()
  const { pool } = opened(timed, { workers: 20, queue })
  const results = await all(pool.map('t', [0, 1, 2], { timeout: 50, retries: 1, onError: 'yield' }))
  expect(results).toMatchObject([
    { ok: true, attempts: 1 },
    { ok: true, attempts: 2 },
    { ok: false, attempts: 2, error: { code: 'TASK_TIMEOUT' } },
  ])
  open.pop() // its hung handlers never end: nothing to drain
})

test('leaving the loop aborts what runs, ends the source and forgets the run', async () => {
  const aborted: unknown[] = []
  const { pool, queue } = opened((n: number, _task, { signal }) => {
    if (n === 0) return n
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        aborted.push((signal.reason as { code: string }).code)
        resolve(n)
      })
    })
  })
  const source = endless()
  for await (const { index } of pool.map('t', source.items(), { concurrency: 9 })) {
    expect(index).toBe(0)
    await turns(5)
    break
  }
  expect(source.ended).toBe(true)
  expect(aborted).toEqual(Array(4).fill('TASK_CANCELLED'))
  expect(queue.enqueued.size).toBe(1)
  expect(queue.leftOver()).toEqual([])
})

test('a signal ends the map with its reason, also while the source is silent', async () => {
  const { pool, queue } = opened((n: number) => n)
  const controller = new AbortController()
  async function* silent() {
    yield 1
    await new Promise(() => undefined)
  }
  const results = pool.map('t', silent(), { signal: controller.signal })
  expect(await results.next()).toMatchObject({ value: { output: 1 } })
  const next = results.next()
  controller.abort(new Error('enough'))
  await expect(next).rejects.toThrow('enough')
  expect(queue.leftOver()).toEqual([])
  await expect(all(pool.map('t', range(3), { signal: AbortSignal.abort(new Error('before')) }))).rejects.toThrow(
    'before',
  )
})

test('what the source throws ends the map', async () => {
  const { pool, queue } = opened((n: number) => turns(50).then(() => n))
  function* broken() {
    yield 1
    throw new Error('source broke')
  }
  await expect(all(pool.map('t', broken()))).rejects.toThrow('source broke')
  expect(queue.leftOver()).toEqual([])
})

test('what the queue refuses ends the map', async () => {
  class FullQueue extends WatchedQueue {
    override enqueue(): Promise<void> {
      return Promise.reject(new Error('no room'))
    }
  }
  const { pool } = opened((n: number) => n, { queue: new FullQueue() })
  await expect(all(pool.map('t', endless().items()))).rejects.toThrow('no room')
})

test('a database that is away is waited for, and leaving does not wait for it', async () => {
  class AwayQueue extends WatchedQueue {
    away = 2
    override enqueue(tasks: readonly Task[]): Promise<void> {
      if (this.away-- <= 0) return super.enqueue(tasks)
      return Promise.reject(new BullpenError('DATABASE_UNAVAILABLE', { database: 'test', reason: 'away' }))
    }
  }
  const queue = new AwayQueue()
  const { pool } = opened((n: number) => n, { queue })
  expect(await all(pool.map('t', range(3)))).toMatchObject(range(3).map((output) => ({ output })))
  queue.away = Infinity
  const signal = AbortSignal.timeout(50)
  await expect(all(pool.map('t', range(3), { signal }))).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('a long map is many runs, each forgotten when it is over, before the map is', async () => {
  const { pool, queue } = opened((n: number) => n)
  let most = 0
  let results = 0
  for await (const { output } of pool.map('t', range(9000), { concurrency: 500 })) {
    expect(output).toBe(results++)
    most = Math.max(most, queue.enqueued.size - queue.forgotten.size)
  }
  expect(queue.enqueued.size).toBe(5)
  expect(queue.leftOver()).toEqual([])
  expect(most).toBeLessThanOrEqual(2)
})

test('an empty source gives no result', async () => {
  const { pool, queue } = opened(() => 1)
  expect(await all(pool.map('t', []))).toEqual([])
  expect(queue.enqueued.size).toBe(0)
})

test('closing the pool ends its maps, and it takes no more', async () => {
  const { pool, queue } = opened((n: number) => n)
  const results = pool.map('t', endless().items())
  await results.next()
  await pool.close()
  expect(queue.leftOver()).toEqual([])
  await expect(all(results)).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
  expect(() => pool.map('t', [1])).toThrow(expect.objectContaining({ code: 'QUEUE_CLOSED' }))
})

test('options out of range are refused at once', () => {
  const { pool } = opened(() => 1)
  const usage = expect.objectContaining({ code: 'USAGE' })
  expect(() => pool.map('../t', [])).toThrow(usage)
  expect(() => pool.map('t', [], { concurrency: 0 })).toThrow(usage)
  expect(() => pool.map('t', [], { timeout: 1.5 })).toThrow(usage)
  expect(() => pool.map('t', [], { retries: -1 })).toThrow(usage)
})
