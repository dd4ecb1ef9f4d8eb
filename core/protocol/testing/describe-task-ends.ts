import { beforeEach, describe, expect, test } from '@jest/globals'
import type { TaskQueue } from '../task-queue.ts'
import {
  exampleResult,
  exampleTask,
  gate,
  keysOf,
  outcomesOf,
  runId,
  task,
  untilAborted,
  type OpenQueues,
} from './example-tasks.ts'

/** Cancelling, draining, handing back and closing: tasks that end otherwise than by their handler. */
export function describeTaskEnds(queues: OpenQueues): void {
  describe('ends', () => {
    let producer: TaskQueue
    let worker: TaskQueue

    beforeEach(() => {
      ;({ producer, worker } = queues())
    })

    test('cancel ends waiting and running tasks of its run once, retries included, and no other run', async () => {
      const outcomes = outcomesOf(producer, runId)
      const others = outcomesOf(producer, 'other')
      const started = gate()
      const aborted: unknown[] = []
      worker.consume(
        (of, context) => {
          if (of.runId === 'other') return Promise.resolve(exampleResult())
          started.open()
          return untilAborted(context).finally(() => aborted.push(context.signal.reason))
        },
        { concurrency: 1, worker: 'w' },
      )
      await producer.enqueue([task('a', { attempts: 3 }), task('b', { attempts: 3 }), exampleTask('other', 'c')])
      await started.opened
      await producer.cancel(runId)
      const ended = [...(await outcomes.reach(2))].sort((x, y) => x.key.localeCompare(y.key))
      expect(ended).toMatchObject([
        { key: 'a', ok: false, attempts: 1, error: { code: 'TASK_CANCELLED' } },
        { key: 'b', ok: false, attempts: 0, worker: '', error: { code: 'TASK_CANCELLED' } },
      ])
      expect(await others.reach(1)).toMatchObject([{ key: 'c', ok: true }])
      expect(aborted).toEqual([expect.objectContaining({ code: 'TASK_CANCELLED' })])
    })

    test('cancel may let what runs finish', async () => {
      const outcomes = outcomesOf(producer, runId)
      const started = gate()
      const finish = gate()
      worker.consume(() => (started.open(), finish.opened.then(() => exampleResult())), { concurrency: 1, worker: 'w' })
      await producer.enqueue([task('a'), task('b')])
      await started.opened
      await producer.cancel(runId, { running: 'finish' })
      finish.open()
      const ended = await outcomes.reach(2)
      expect(ended.map(({ key, ok }) => [key, ok]).sort()).toEqual([
        ['a', true],
        ['b', false],
      ])
    })

    test('drain waits for what is in flight and leaves the rest on the queue', async () => {
      const outcomes = outcomesOf(producer, runId)
      const started = gate()
      const finish = gate()
      const first: string[] = []
      const consumer = worker.consume(
        async (of) => {
          first.push(of.key)
          started.open()
          await finish.opened
          return exampleResult()
        },
        { concurrency: 1, worker: 'first' },
      )
      await producer.enqueue([task('a'), task('b'), task('c')])
      await started.opened
      const drained = consumer.drain()
      finish.open()
      await drained
      await consumer.drain()
      expect(first).toEqual(['a'])
      worker.consume(() => Promise.resolve(exampleResult()), { concurrency: 2, worker: 'second' })
      expect((await outcomes.reach(3)).map((outcome) => outcome.worker)).toEqual(['first', 'second', 'second'])
    })

    test('a task handed back runs elsewhere and the attempt does not count, also while drain waits for it', async () => {
      const outcomes = outcomesOf(producer, runId)
      const started = gate()
      const aborted: unknown[] = []
      const consumer = worker.consume(
        (_, context) => {
          started.open()
          return untilAborted(context).finally(() => aborted.push(context.signal.reason))
        },
        { concurrency: 1, worker: 'first' },
      )
      await producer.enqueue([task('a', { attempts: 1 }), task('b', { attempts: 1 })])
      await started.opened
      const drained = consumer.drain()
      await consumer.handBack()
      await drained
      await consumer.handBack()
      expect(aborted).toEqual([expect.objectContaining({ code: 'TASK_HANDED_BACK' })])
      worker.consume((of, { attempt }) => Promise.resolve(exampleResult(attempt)), { concurrency: 1, worker: 'second' })
      const ended = await outcomes.reach(2)
      expect(ended).toMatchObject(Array(2).fill({ ok: true, attempts: 1, worker: 'second', result: exampleResult(1) }))
    })

    test('close delivers what is in flight; a closed queue takes nothing more', async () => {
      const outcomes = outcomesOf(producer, runId)
      const started = gate()
      const finish = gate()
      worker.consume(() => (started.open(), finish.opened.then(() => exampleResult())), { concurrency: 1, worker: 'w' })
      await producer.enqueue([task('a')])
      await started.opened
      const closed = worker.close()
      finish.open()
      await closed
      expect(keysOf(await outcomes.reach(1))).toEqual(['a'])
      await worker.close()
      await expect(worker.enqueue([task('b')])).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
      expect(() => worker.consume(() => Promise.resolve(), { concurrency: 1, worker: 'w' })).toThrow(
        expect.objectContaining({ code: 'QUEUE_CLOSED' }),
      )
    })
  })
}
