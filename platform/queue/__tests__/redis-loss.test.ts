import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Task, TaskHandler, TaskQueue } from '#core/protocol'
import { exampleResult, exampleTask, gate, outcomesOf } from '#core/protocol/testing'
import { MemoryTaskLedger } from '#platform/memory'
import { openTaskQueue } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'

const count = 200
const tasks = Array.from({ length: count }, (_, i) => exampleTask('run', `t${i}`))

let redis: RedisServer
let ledger: MemoryTaskLedger
let notes: string[]
const open = () =>
  openTaskQueue({
    url: redis.url,
    route: 'test',
    ledger,
    maintainEveryMs: 100,
    pollMs: 200,
    // Nobody asks the ledger by itself, and nothing is old: what comes back was told again.
    idleAskMs: 600_000,
    retellAfterMs: 600_000,
    onNote: (text) => notes.push(text),
  })

beforeEach(async () => {
  redis = await RedisServer.start({ password: 'secret' })
  ledger = new MemoryTaskLedger()
  notes = []
})
afterEach(() => redis.stop())

/** Runs the tasks; `half` resolves when a half of them have started. Every task has one outcome and one start. */
async function run(queues: readonly TaskQueue[], disturb: () => Promise<void>): Promise<void> {
  const started = new Map<string, number>()
  const half = gate()
  const disturbed = gate()
  const handler: TaskHandler = async (task: Task) => {
    started.set(task.key, (started.get(task.key) ?? 0) + 1)
    if (started.size >= count / 2) {
      half.open()
      await disturbed.opened
    }
    return exampleResult()
  }
  const [producer, worker] = queues as [TaskQueue, TaskQueue]
  const outcomes = outcomesOf(producer, 'run')
  worker.consume(handler, { concurrency: 4, worker: 'w' })
  await producer.enqueue(tasks)
  await half.opened
  await disturb()
  disturbed.open()
  await outcomes.reach(count)
  expect(outcomes.seen.every(({ ok }) => ok)).toBe(true)
  expect(new Set(outcomes.seen.map(({ id }) => id)).size).toBe(count)
  expect(outcomes.seen).toHaveLength(count)
  expect([...started.values()].filter((times) => times > 1)).toEqual([])
  await producer.close()
  await worker.close()
}

test('Redis restarted without its data in the middle: every task has one outcome, and it is said', async () => {
  await run([await open(), await open()], () => redis.restart())
  expect(notes).toContain(`Redis at redis://127.0.0.1:${redis.port} is unreachable: waiting`)
  expect(notes.some((note) => /is back: [1-9]\d* tasks told again$/.test(note))).toBe(true)
  expect(notes.join()).not.toContain('secret')
})

test('Redis flushed in the middle: what waits is told again at once', async () => {
  await run([await open(), await open()], () => redis.flush())
  expect(notes).toEqual([expect.stringMatching(/has lost its data: [1-9]\d* tasks told again$/)])
})

test('Redis away while tasks are enqueued: they are told when it is back', async () => {
  const queue = await open()
  const outcomes = outcomesOf(queue, 'run')
  queue.consume(() => Promise.resolve(exampleResult()), { concurrency: 4, worker: 'w' })
  await redis.kill()
  await queue.enqueue(tasks)
  await redis.start()
  await outcomes.reach(count)
  expect(notes).toEqual([
    expect.stringMatching(/is unreachable: waiting$/),
    expect.stringMatching(/is back: \d+ tasks told again$/),
  ])
  await queue.close()
})

test('Redis out of memory in the middle: it is said, work goes on from the ledger, and what is left is told later', async () => {
  const producer = await open()
  const worker = await openTaskQueue({
    ...{ url: redis.url, route: 'test', ledger, maintainEveryMs: 100, idleAskMs: 50 },
    onNote: () => undefined,
  })
  const outcomes = outcomesOf(producer, 'run')
  await redis.configure('maxmemory', '1')
  await producer.enqueue(tasks.slice(0, 150))
  expect(notes).toEqual([
    expect.stringMatching(/is out of memory: 150 tasks wait in the database until it takes them$/),
  ])
  const consumer = worker.consume(() => Promise.resolve(exampleResult()), { concurrency: 4, worker: 'w' })
  await outcomes.reach(150)
  await consumer.drain()
  await producer.enqueue(tasks.slice(150))
  await redis.configure('maxmemory', '0')
  const other = await open()
  other.consume(() => Promise.resolve(exampleResult()), { concurrency: 4, worker: 'w' })
  await outcomes.reach(count)
  expect(outcomes.seen).toHaveLength(count)
  expect(notes.slice(1).join()).toContain('takes tasks again')
  await producer.close()
  await worker.close()
  await other.close()
})

test('outcomes that nobody was told of come by the poll, once', async () => {
  const queue = await open()
  const outcomes = outcomesOf(queue, 'run')
  await queue.enqueue(tasks.slice(0, 3))
  const ids = tasks.slice(0, 3).map(({ id }) => id)
  const leases = await ledger.lease({ ids, route: 'test', worker: 'silent', ttlMs: 60_000 })
  const times = { startedAt: 0, finishedAt: 1 }
  await ledger.report(leases.map(({ token }) => ({ token, ...times, ok: true, result: exampleResult() })))
  await outcomes.reach(3)
  await queue.enqueue([exampleTask('run', 'last')])
  queue.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
  await outcomes.reach(4)
  expect(outcomes.seen.map(({ key }) => key)).toEqual(['t0', 't1', 't2', 'last'])
  await queue.close()
})
