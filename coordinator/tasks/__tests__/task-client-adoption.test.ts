import { afterEach, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { TaskHandler, TaskOutcome } from '#core/protocol'
import { gate } from '#core/protocol/testing'
import { MemoryRunStore, MemoryTaskQueue } from '#platform/memory'
import { TaskClient, type TaskClientOptions } from '../task-client.ts'
import { answering, ask, closedLater, closeQueues, CountingQueue, plainKey } from '../testing/task-clients.ts'

afterEach(closeQueues)

/** Coordinators of one run that share a queue, as they do when it lies on a server. */
async function openShared(handler: TaskHandler, concurrency = 1) {
  const runs = new MemoryRunStore()
  await runs.create('run', {})
  const queue = closedLater(new CountingQueue())
  const consume = () => queue.consume(handler, { concurrency, worker: 'w' })
  const open = (more: Partial<TaskClientOptions> = {}) =>
    TaskClient.open({ queue, runs, runId: 'run', attempts: 1, timeoutMs: 60_000, ...more })
  return { runs, queue, consume, open }
}

test('what an earlier coordinator left waiting or running is adopted and runs once', async () => {
  const started = gate()
  const finish = gate()
  const ran: string[] = []
  const { consume, open } = await openShared(async (task, context) => {
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
  const { consume, open, queue, runs } = await openShared(answering)
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
  const queue = closedLater(new RecordingQueue())
  queue.consume(answering, { concurrency: 1, worker: 'w' })
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
  const { consume, open, queue } = await openShared(async (task, context) => {
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
  const { consume, open, runs, queue } = await openShared(async (task, context) => {
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
