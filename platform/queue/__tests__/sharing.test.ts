import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Telemetry } from 'bullmq'
import { BullpenError } from '#core/errors'
import { exampleResult, exampleTask, gate, outcomesOf } from '#core/protocol/testing'
import { MemoryTaskLedger } from '#platform/memory'
import { openQueueForPages, openTaskQueue, type OpenTaskQueueOptions } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'

let redis: RedisServer
beforeAll(async () => {
  redis = await RedisServer.start()
})
afterAll(() => redis.stop())
beforeEach(() => redis.flush())

const open = (more: Partial<OpenTaskQueueOptions> = {}) =>
  openTaskQueue({
    ...{ url: redis.url, route: 'test', ledger: new MemoryTaskLedger(), onNote: () => undefined, idleAskMs: 100 },
    ...more,
  })

test('a consumer with nothing to do gets what another has leased ahead', async () => {
  const ledger = new MemoryTaskLedger()
  const [busy, idle] = [await open({ ledger }), await open({ ledger })]
  const outcomes = outcomesOf(busy, 'run')
  const finish = gate()
  const started = gate()
  busy.consume(() => (started.open(), finish.opened.then(() => exampleResult())), { concurrency: 1, worker: 'busy' })
  await busy.enqueue([exampleTask('run', 'a'), exampleTask('run', 'b')])
  await started.opened
  idle.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'idle' })
  expect(await outcomes.reach(1)).toMatchObject([{ key: 'b', worker: 'idle', attempts: 1 }])
  finish.open()
  expect(await outcomes.reach(2)).toMatchObject([{ key: 'b' }, { key: 'a', worker: 'busy' }])
  await busy.close()
  await idle.close()
})

test('an error of a shared service is tried again after a while, by the same consumer', async () => {
  const queue = await open()
  const outcomes = outcomesOf(queue, 'run')
  const at: number[] = []
  queue.consume(
    (_, { attempt }) => {
      at.push(performance.now())
      if (attempt === 2) return Promise.resolve(exampleResult())
      return Promise.reject(new BullpenError('OBJECT_STORE_UNAVAILABLE', { store: 's3', reason: 'away' }))
    },
    { concurrency: 1, worker: 'w' },
  )
  await queue.enqueue([exampleTask('run', 'a', { attempts: 2 })])
  expect(await outcomes.reach(1)).toMatchObject([{ ok: true, attempts: 2 }])
  expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(240)
  await queue.close()
})

test('pages see what waits, and a job deleted on them is no task lost', async () => {
  const queue = await open({ retellAfterMs: 100, maintainEveryMs: 50 })
  const pages = await openQueueForPages('test', { url: redis.url, onNote: () => undefined })
  const outcomes = outcomesOf(queue, 'run')
  await queue.enqueue([exampleTask('run', 'a')])
  const [job] = await pages.queue.getJobs(['prioritized'])
  expect(job).toMatchObject({ name: 'features', data: { ids: ['run/a'], kinds: ['features'] } })
  await job!.remove()
  queue.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
  await outcomes.reach(1)
  await pages.close()
  await queue.close()
})

test('a job that is not one of ours is noted, ignored and removed', async () => {
  const notes: string[] = []
  const queue = await open({ onNote: (text) => notes.push(text) })
  const pages = await openQueueForPages('test', { url: redis.url, onNote: () => undefined })
  await pages.queue.add('evil', { code: 'process.exit()' }, { jobId: 'theirs', removeOnComplete: true })
  const outcomes = outcomesOf(queue, 'run')
  queue.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
  await queue.enqueue([exampleTask('run', 'a')])
  await outcomes.reach(1)
  expect(notes).toEqual(["job theirs on test is not one of bullpen's: ignored"])
  await pages.close()
  await queue.close()
})

test('a task runs in a span whose parent is where it was enqueued', async () => {
  let current = 'enqueuer'
  const spans: { name: string; parent: string }[] = []
  const telemetry: Telemetry<string> = {
    tracer: {
      startSpan: (name, _options, parent) => {
        spans.push({ name, parent: parent ?? current })
        return {
          setSpanOnContext: (context: string) => `${context}>${name}`,
          setAttribute: () => undefined,
          setAttributes: () => undefined,
          addEvent: () => undefined,
          recordException: () => undefined,
          end: () => undefined,
        }
      },
    },
    contextManager: {
      active: () => current,
      getMetadata: (context: string) => context,
      fromMetadata: (_active: string, metadata) => metadata,
      with: (context: string, work, ...args: unknown[]) => {
        const before = current
        current = context
        try {
          return (work as (...given: unknown[]) => ReturnType<typeof work>)(...args)
        } finally {
          current = before
        }
      },
    },
  }
  const queue = await open({ telemetry })
  const outcomes = outcomesOf(queue, 'run')
  const contexts: string[] = []
  queue.consume(
    () => {
      contexts.push(current)
      return Promise.resolve(exampleResult())
    },
    { concurrency: 1, worker: 'w' },
  )
  await queue.enqueue([exampleTask('run', 'a')])
  await outcomes.reach(1)
  const span = spans.find(({ name }) => name === 'task features')
  expect(span?.parent).toMatch(/^enqueuer/)
  expect(contexts).toEqual([`${span!.parent}>task features`])
  await queue.close()
})
