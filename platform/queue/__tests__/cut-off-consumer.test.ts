import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { TaskContext, TaskLedger } from '#core/protocol'
import { exampleResult, exampleTask, gate, outcomesOf } from '#core/protocol/testing'
import { MemoryTaskLedger } from '#platform/memory'
import { openTaskQueue } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'
import { cuttable } from './cuttable-ledger.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await RedisServer.start()
})
afterAll(() => redis.stop())
beforeEach(() => redis.flush())

const open = (ledger: TaskLedger) =>
  openTaskQueue({
    ...{ url: redis.url, route: 'test', ledger, onNote: () => undefined },
    ...{ leaseTtlMs: 300, maintainEveryMs: 50, idleAskMs: 50, pollMs: 50 },
  })

test('a consumer cut off from the ledger stops by its own clock, and the task runs elsewhere', async () => {
  const truth = new MemoryTaskLedger()
  const wall = cuttable(truth)
  const near = await open(truth)
  const far = await open(wall.ledger)
  const started = gate()
  const aborted: unknown[] = []
  const stopped = gate()
  const outcomes = outcomesOf(near, 'run')
  far.consume(
    (_, { signal }: TaskContext) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.push(signal.reason)
          stopped.open()
          reject(signal.reason as Error)
        })
        started.open()
      }),
    { concurrency: 1, worker: 'far' },
  )
  await near.enqueue([exampleTask('run', 'a', { attempts: 3 })])
  await started.opened
  wall.cut()
  await stopped.opened
  expect(aborted).toMatchObject([{ code: 'LEASE_LOST' }])
  near.consume(() => Promise.resolve(exampleResult(2)), { concurrency: 1, worker: 'near' })
  expect(await outcomes.reach(1)).toMatchObject([{ ok: true, worker: 'near', attempts: 2, result: { rows: 2 } }])
  wall.heal()
  await far.close()
  await near.close()
})

test('a result computed behind the cut is kept, offered when it is healed, and refused when another has the task', async () => {
  const truth = new MemoryTaskLedger()
  const wall = cuttable(truth)
  const near = await open(truth)
  const far = await open(wall.ledger)
  const started = gate()
  const finish = gate()
  const outcomes = outcomesOf(near, 'run')
  far.consume(() => (started.open(), finish.opened.then(() => exampleResult(1))), { concurrency: 1, worker: 'far' })
  await near.enqueue([exampleTask('run', 'a', { attempts: 3 })])
  await started.opened
  wall.cut()
  finish.open()
  near.consume(() => Promise.resolve(exampleResult(2)), { concurrency: 1, worker: 'near' })
  expect(await outcomes.reach(1)).toMatchObject([{ worker: 'near', result: { rows: 2 } }])
  wall.heal()
  await far.close()
  expect(await truth.outcomes('run', ['run/a'])).toMatchObject([{ worker: 'near', result: { rows: 2 } }])
  expect(outcomes.seen).toHaveLength(1)
  await near.close()
})

test('a short absence of the ledger costs nothing: the result is reported when it is back', async () => {
  const truth = new MemoryTaskLedger()
  const wall = cuttable(truth)
  const queue = await openTaskQueue({
    ...{ url: redis.url, route: 'test', ledger: wall.ledger, onNote: () => undefined, pollMs: 50 },
  })
  const started = gate()
  const finish = gate()
  let starts = 0
  const outcomes = outcomesOf(queue, 'run')
  const handler = () => {
    starts += 1
    started.open()
    return finish.opened.then(() => exampleResult())
  }
  queue.consume(handler, { concurrency: 1, worker: 'w' })
  await queue.enqueue([exampleTask('run', 'a')])
  await started.opened
  wall.cut()
  finish.open()
  wall.heal()
  expect(await outcomes.reach(1)).toMatchObject([{ ok: true, attempts: 1 }])
  expect(starts).toBe(1)
  await queue.close()
})

test('leases are renewed while a task runs longer than one lease', async () => {
  const queue = await open(new MemoryTaskLedger())
  const outcomes = outcomesOf(queue, 'run')
  let ticks = 0
  const handler = ({ id }: { id: string }, { signal }: TaskContext) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error)
      })
      const timer = setInterval(() => {
        if (++ticks < 10) return
        clearInterval(timer)
        resolve({ ...exampleResult(), id: undefined, rows: id.length })
      }, 100)
    })
  queue.consume(handler, { concurrency: 1, worker: 'w' })
  await queue.enqueue([exampleTask('run', 'a')])
  expect(await outcomes.reach(1)).toMatchObject([{ ok: true, attempts: 1 }])
  await queue.close()
})
