import { afterEach, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BullpenError } from '#core/errors'
import type { TaskHandler } from '#core/protocol'
import { gate } from '#core/protocol/testing'
import { MemoryRunStore } from '#platform/memory'
import { answering, closeQueues, hash, openClient, payload, plainKey } from '../testing/task-clients.ts'

afterEach(closeQueues)

const unanswered: TaskHandler = () => {
  throw new Error('it was enqueued')
}

test('a call gives the result of its task, recorded before it resolves', async () => {
  const { client, runs } = await openClient({ handler: answering })
  expect(await client.run('features', 'features', payload('abc'))).toEqual({ table: hash, rows: 3, columns: 1 })
  expect([...(await runs.taskResults('run')).values()]).toEqual([{ table: hash, rows: 3, columns: 1 }])
  expect(client.counters()).toMatchObject({ tasks: 1, failed: 0, recorded: 0, fitMs: 0 })
  await client.close()
})

test('calls of one turn go to the queue in one batch, a repeated key once', async () => {
  const { client, queue } = await openClient({ handler: answering })
  const keys = ['a', 'b', 'c', 'a']
  const results = await Promise.all(keys.map((key) => client.run('features', key, payload(key))))
  expect(results).toHaveLength(4)
  expect(queue.batches).toEqual([['a', 'b', 'c']])
})

test('whatever had finished when a run died, resuming it repeats only the rest', async () => {
  const keys = Array.from({ length: 12 }, (_, i) => `t${i}`)
  await fc.assert(
    fc.asyncProperty(fc.subarray(keys), async (finished) => {
      const first = await openClient({ handler: answering })
      const before = await Promise.all(finished.map((key) => first.client.run('features', key, payload(key))))
      const second = await openClient({ runs: first.runs, handler: answering })
      const after = await Promise.all(keys.map((key) => second.client.run('features', key, payload(key))))
      expect(second.queue.batches.flat()).toEqual(keys.filter((key) => !finished.includes(key)))
      expect(finished.map((key) => after[keys.indexOf(key)])).toEqual(before)
      expect(second.client.counters().recorded).toBe(finished.length)
    }),
    { numRuns: 15 },
  )
})

test('a recorded result is not taken for a task whose payload has changed', async () => {
  const { runs, client } = await openClient({ handler: answering })
  await client.run('features', 'a', payload('one'))
  const later = await openClient({ runs, handler: answering })
  expect(await later.client.run('features', 'a', payload('three'))).toMatchObject({ rows: 5 })
})

test('a task that finally fails rejects with its error, and does not sink the run', async () => {
  const handler: TaskHandler = (task, context) => {
    if (plainKey(task) === 'bad') throw new BullpenError('ONE_CLASS', { where: 'fold 1', only: 'hold' })
    return answering(task, context)
  }
  const { client, runs } = await openClient({ handler })
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
  const { client, queue } = await openClient({ handler, concurrency: 1, maxFailures: 2 })
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
  const { client, runs, consumer } = await openClient({ handler, concurrency: 1, signal: interrupt.signal })
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
  const resumed = await openClient({ runs, handler: unanswered })
  expect(await resumed.client.run('features', 'a', payload('a'))).toMatchObject({ rows: 1 })
})

test('a result that cannot be recorded is an error, not a result', async () => {
  const runs = new MemoryRunStore()
  runs.recordTask = () => Promise.reject(new BullpenError('DISK_FULL', { path: 'runs' }))
  const { client } = await openClient({ runs, handler: answering })
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
  const { client } = await openClient({ runs, handler: answering })
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
  const { client, queue } = await openClient()
  await queue.close()
  await expect(client.run('features', 'a', payload('a'))).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
})

test('one key for two payloads is refused while the first is open', async () => {
  const { client } = await openClient()
  const open = client.run('features', 'a', payload('a'))
  await expect(client.run('features', 'a', payload('b'))).rejects.toMatchObject({ code: 'INTERNAL' })
  await client.close()
  await expect(open).rejects.toMatchObject({ code: 'INTERRUPTED' })
})

test('an error names the task as the caller does', async () => {
  const handler: TaskHandler = (task) => {
    throw new BullpenError('TASK_QUARANTINED', { task: task.id, times: 3, workers: 'a, b, c' })
  }
  const { client: tasks } = await openClient({ handler })
  const message = 'task run/a lost its worker 3 times (a, b, c) and is not tried again'
  await expect(tasks.run('features', 'a', payload('a'))).rejects.toMatchObject({ code: 'TASK_QUARANTINED', message })
})
