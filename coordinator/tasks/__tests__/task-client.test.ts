import { afterEach, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BullpenError } from '#core/errors'
import type { Task, TaskHandler, TaskOutcome, TaskPayload } from '#core/protocol'
import { gate } from '#core/protocol/testing'
import { MemoryRunStore, MemoryTaskQueue } from '#platform/memory'
import { TaskClient, type TaskClientOptions } from '../task-client.ts'

const hash = 'ab'.repeat(32)
const payload = (name: string): TaskPayload<'features'> => ({
  candles: hash,
  featureSet: name,
  featureSetHash: hash,
  label: { name: 'none', parameters: {} },
})
const plainKey = (task: Task) => task.key.split('@')[0]!
const ask = (tasks: TaskClient, key: string) => tasks.run('features', key, payload(key))
const answer = (task: Task<'features'>) => ({ table: hash, rows: task.payload.featureSet.length, columns: 1 })

class CountingQueue extends MemoryTaskQueue {
  readonly batches: string[][] = []

  override enqueue(tasks: readonly Task[]): Promise<void> {
    this.batches.push(tasks.map(plainKey))
    return super.enqueue(tasks)
  }
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function setUp(
  more: Partial<TaskClientOptions> & { runs?: MemoryRunStore; handler?: TaskHandler; concurrency?: number } = {},
) {
  const { runs = new MemoryRunStore(), handler, concurrency = 2, ...options } = more
  if ((await runs.list(1)).length === 0) await runs.create('run', {})
  const queue = new CountingQueue()
  const consumer = handler && queue.consume(handler, { concurrency, worker: 'w' })
  const defaults = { queue, runs, runId: 'run', attempts: 1, timeoutMs: 60_000 }
  const client = await TaskClient.open({ ...defaults, ...options })
  closers.push(() => queue.close())
  return { runs, queue, consumer, client }
}

const answering: TaskHandler = (task) => Promise.resolve(answer(task as Task<'features'>))
const unanswered: TaskHandler = () => {
  throw new Error('it was enqueued')
}

test('a call gives the result of its task, recorded before it resolves', async () => {
  const { client, runs } = await setUp({ handler: answering })
  expect(await client.run('features', 'features', payload('abc'))).toEqual({ table: hash, rows: 3, columns: 1 })
  expect([...(await runs.taskResults('run')).values()]).toEqual([{ table: hash, rows: 3, columns: 1 }])
  expect(client.counters()).toMatchObject({ tasks: 1, failed: 0, recorded: 0, fitMs: 0 })
  await client.close()
})

test('calls of one turn go to the queue in one batch, a repeated key once', async () => {
  const { client, queue } = await setUp({ handler: answering })
  const keys = ['a', 'b', 'c', 'a']
  const results = await Promise.all(keys.map((key) => client.run('features', key, payload(key))))
  expect(results).toHaveLength(4)
  expect(queue.batches).toEqual([['a', 'b', 'c']])
})

test('whatever had finished when a run died, resuming it repeats only the rest', async () => {
  const keys = Array.from({ length: 12 }, (_, i) => `t${i}`)
  await fc.assert(
    fc.asyncProperty(fc.subarray(keys), async (finished) => {
      const first = await setUp({ handler: answering })
      const before = await Promise.all(finished.map((key) => first.client.run('features', key, payload(key))))
      const second = await setUp({ runs: first.runs, handler: answering })
      const after = await Promise.all(keys.map((key) => second.client.run('features', key, payload(key))))
      expect(second.queue.batches.flat()).toEqual(keys.filter((key) => !finished.includes(key)))
      expect(finished.map((key) => after[keys.indexOf(key)])).toEqual(before)
      expect(second.client.counters().recorded).toBe(finished.length)
    }),
    { numRuns: 15 },
  )
})

test('a recorded result is not taken for a task whose payload has changed', async () => {
  const { runs, client } = await setUp({ handler: answering })
  await client.run('features', 'a', payload('one'))
  const later = await setUp({ runs, handler: answering })
  expect(await later.client.run('features', 'a', payload('three'))).toMatchObject({ rows: 5 })
})

test('a task that finally fails rejects with its error, and does not sink the run', async () => {
  const handler: TaskHandler = (task, context) => {
    if (plainKey(task) === 'bad') throw new BullpenError('ONE_CLASS', { where: 'fold 1', only: 'hold' })
    return answering(task, context)
  }
  const { client, runs } = await setUp({ handler })
  await expect(client.run('features', 'bad', payload('x'))).rejects.toMatchObject({ code: 'ONE_CLASS' })
  await expect(client.run('features', 'bad', payload('x'))).rejects.toMatchObject({ code: 'ONE_CLASS' })
  await client.run('features', 'good', payload('x'))
  expect(client.counters()).toMatchObject({ tasks: 2, failed: 1 })
  expect(client.failed()).toMatchObject([{ key: 'bad', error: { code: 'ONE_CLASS' } }])
  expect((await runs.taskResults('run')).size).toBe(1)
})

test('one failure more than allowed stops the run with TOO_MANY_FAILURES', async () => {
  const handler: TaskHandler = (task) => {
    throw new BullpenError('ONE_CLASS', { where: task.key, only: 'hold' })
  }
  const { client, queue } = await setUp({ handler, concurrency: 1, maxFailures: 2 })
  const keys = Array.from({ length: 6 }, (_, i) => `t${i}`)
  const ends = await Promise.allSettled(keys.map((key) => client.run('features', key, payload('x'))))
  const codes = ends.map((end) => (end as PromiseRejectedResult).reason as unknown)
  expect(codes.slice(0, 2)).toMatchObject([{ code: 'ONE_CLASS' }, { code: 'ONE_CLASS' }])
  const first = expect.stringContaining('t0') as unknown
  for (const reason of codes.slice(2)) {
    expect(reason).toMatchObject({ code: 'TOO_MANY_FAILURES', details: { failed: 3, allowed: 2, total: 6, first } })
  }
  const enqueued = queue.batches.length
  await expect(client.run('features', 'late', payload('x'))).rejects.toMatchObject({ code: 'TOO_MANY_FAILURES' })
  expect(queue.batches).toHaveLength(enqueued)
})

test('an interruption rejects every call, starts nothing more, and still records what was in flight', async () => {
  const started = gate()
  const finish = gate()
  const ran: string[] = []
  const handler: TaskHandler = async (task, context) => {
    ran.push(plainKey(task))
    started.open()
    await finish.opened
    return answering(task, context)
  }
  const interrupt = new AbortController()
  const { client, runs, consumer } = await setUp({ handler, concurrency: 1, signal: interrupt.signal })
  const calls = Promise.allSettled(['a', 'b'].map((key) => client.run('features', key, payload(key))))
  await started.opened
  interrupt.abort(new BullpenError('INTERRUPTED', { reason: 'Ctrl-C' }))
  const reason = { code: 'INTERRUPTED', message: 'interrupted: Ctrl-C' }
  expect(await calls).toMatchObject([{ reason }, { reason }])
  await expect(client.run('features', 'c', payload('c'))).rejects.toMatchObject(reason)
  finish.open()
  await consumer!.drain()
  await client.close()
  expect(ran).toEqual(['a'])
  expect([...(await runs.taskResults('run')).keys()]).toEqual([expect.stringMatching(/^a@/)])
  const resumed = await setUp({ runs, handler: unanswered })
  expect(await resumed.client.run('features', 'a', payload('a'))).toMatchObject({ rows: 1 })
})

test('a result that cannot be recorded is an error, not a result', async () => {
  const runs = new MemoryRunStore()
  runs.recordTask = () => Promise.reject(new BullpenError('DISK_FULL', { path: 'runs' }))
  const { client } = await setUp({ runs, handler: answering })
  await expect(client.run('features', 'a', payload('a'))).rejects.toMatchObject({ code: 'DISK_FULL' })
})

test('close waits for the recording of what has come', async () => {
  const recording = gate()
  const release = gate()
  const log: string[] = []
  const runs = new MemoryRunStore()
  runs.recordTask = () => {
    recording.open()
    return release.opened.then(() => void log.push('recorded'))
  }
  const { client } = await setUp({ runs, handler: answering })
  const call = expect(client.run('features', 'a', payload('a'))).rejects.toMatchObject({ code: 'INTERRUPTED' })
  await recording.opened
  const closed = client.close().then(() => log.push('closed'))
  await new Promise((resolve) => setImmediate(resolve)) // time enough to close wrongly
  release.open()
  await closed
  expect(log).toEqual(['recorded', 'closed'])
  await call
})

test('a queue that refuses tasks rejects their calls', async () => {
  const { client, queue } = await setUp()
  await queue.close()
  await expect(client.run('features', 'a', payload('a'))).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
})

test('one key for two payloads is refused while the first is open', async () => {
  const { client } = await setUp()
  const open = client.run('features', 'a', payload('a'))
  await expect(client.run('features', 'a', payload('b'))).rejects.toMatchObject({ code: 'INTERNAL' })
  await client.close()
  await expect(open).rejects.toMatchObject({ code: 'INTERRUPTED' })
})

/** Coordinators of one run that share a queue, as they do when it lies on a server. */
async function setUpShared(handler: TaskHandler, concurrency = 1) {
  const runs = new MemoryRunStore()
  await runs.create('run', {})
  const queue = new CountingQueue()
  closers.push(() => queue.close())
  const consume = () => queue.consume(handler, { concurrency, worker: 'w' })
  const open = (more: Partial<TaskClientOptions> = {}) =>
    TaskClient.open({ queue, runs, runId: 'run', attempts: 1, timeoutMs: 60_000, ...more })
  return { runs, queue, consume, open }
}

test('what an earlier coordinator left waiting or running is adopted and runs once', async () => {
  const started = gate()
  const finish = gate()
  const ran: string[] = []
  const { consume, open } = await setUpShared(async (task, context) => {
    ran.push(plainKey(task))
    started.open()
    await finish.opened
    return answering(task, context)
  })
  const killed = await open()
  for (const key of ['a', 'b']) void ask(killed, key).catch(() => undefined)
  consume()
  await started.opened
  const second = await open()
  const results = ['a', 'b', 'c'].map((key) => ask(second, key))
  finish.open()
  expect(await Promise.all(results)).toHaveLength(3)
  expect(ran).toEqual(['a', 'b', 'c'])
})

test('an outcome that comes before its task is asked for is kept', async () => {
  const { consume, open, queue, runs } = await setUpShared(answering)
  const killed = await open()
  runs.recordTask = () => Promise.reject(new BullpenError('DISK_FULL', { path: 'runs' }))
  const dying = ask(killed, 'a')
  consume()
  await expect(dying).rejects.toMatchObject({ code: 'DISK_FULL' })
  const second = await open()
  const late = gate()
  queue.onOutcome('run', late.open)
  await late.opened
  runs.recordTask = MemoryRunStore.prototype.recordTask.bind(runs)
  expect(await ask(second, 'a')).toMatchObject({ rows: 1 })
  expect(queue.batches).toEqual([['a']])
  expect((await runs.taskResults('run')).size).toBe(1)
})

test('a result that the queue has recorded itself is not recorded again', async () => {
  class RecordingQueue extends MemoryTaskQueue {
    override onOutcome(runId: string, listener: (outcome: TaskOutcome) => void) {
      return super.onOutcome(runId, (outcome) => {
        listener({ ...outcome, recorded: true })
      })
    }
  }
  const queue = new RecordingQueue()
  queue.consume(answering, { concurrency: 1, worker: 'w' })
  closers.push(() => queue.close())
  const runs = {
    taskResults: () => Promise.resolve(new Map()),
    recordTask: () => Promise.reject(new Error('it was recorded twice')),
  }
  const tasks = await TaskClient.open({ queue, runs, runId: 'run', attempts: 1, timeoutMs: 60_000 })
  expect(await ask(tasks, 'abc')).toMatchObject({ rows: 3 })
})

test('a task that an earlier coordinator had cancelled is asked for anew', async () => {
  const started = gate()
  let isFirst = true
  const { consume, open, queue } = await setUpShared(async (task, context) => {
    if (!isFirst) return answering(task, context)
    isFirst = false
    started.open()
    return new Promise((_, reject) => {
      context.signal.addEventListener('abort', () => {
        reject(context.signal.reason as Error)
      })
    })
  })
  const killed = await open()
  void ask(killed, 'a').catch(() => undefined)
  consume()
  await started.opened
  const second = await open()
  const result = ask(second, 'a')
  await new Promise((resolve) => setImmediate(resolve)) // the call is on the queue
  await queue.cancel('run')
  expect(await result).toMatchObject({ rows: 1 })
})

test('a coordinator that has lost its run leaves its tasks alone', async () => {
  const started = gate()
  const finish = gate()
  const { consume, open, runs, queue } = await setUpShared(async (task, context) => {
    started.open()
    await finish.opened
    return answering(task, context)
  })
  const lost = new AbortController()
  const first = await open({ signal: lost.signal })
  const call = expect(ask(first, 'a')).rejects.toMatchObject({ code: 'RUN_HOLD_LOST' })
  consume()
  await started.opened
  lost.abort(new BullpenError('RUN_HOLD_LOST', { run: 'run' }))
  await call
  const heard = gate()
  queue.onOutcome('run', (outcome) => {
    if (outcome.ok) heard.open()
  })
  finish.open()
  await heard.opened
  await first.close()
  expect((await runs.taskResults('run')).size).toBe(0)
  const second = await open()
  expect(await ask(second, 'a')).toMatchObject({ rows: 1 })
  expect(queue.batches).toEqual([['a']])
})

test('an error names the task as the caller does', async () => {
  const handler: TaskHandler = (task) => {
    throw new BullpenError('TASK_QUARANTINED', { task: task.id, times: 3, workers: 'a, b, c' })
  }
  const { client: tasks } = await setUp({ handler })
  const message = 'task run/a lost its worker 3 times (a, b, c) and is not tried again'
  await expect(tasks.run('features', 'a', payload('a'))).rejects.toMatchObject({ code: 'TASK_QUARANTINED', message })
})
