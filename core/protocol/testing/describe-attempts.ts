import { beforeEach, describe, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { Task, TaskQueue } from '../task-queue.ts'
import { crash, exampleResult, gate, outcomesOf, runId, task, untilAborted, type OpenQueues } from './example-tasks.ts'

/** Errors, limits of time, and what is tried again. */
export function describeAttempts(queues: OpenQueues): void {
  describe('attempts', () => {
    let producer: TaskQueue
    let worker: TaskQueue

    beforeEach(() => {
      ;({ producer, worker } = queues())
    })

    test('a retryable error is tried again until attempts run out', async () => {
      const outcomes = outcomesOf(producer, runId)
      const attempts: number[] = []
      worker.consume(
        (of, { attempt }) => {
          attempts.push(attempt)
          return Promise.reject(crash(of))
        },
        { concurrency: 1, worker: 'w' },
      )
      await producer.enqueue([task('a', { attempts: 3 })])
      const [outcome] = await outcomes.reach(1)
      expect(attempts).toEqual([1, 2, 3])
      expect(outcome).toMatchObject({ ok: false, attempts: 3, error: { code: 'WORKER_CRASHED' } })
    })

    test('a retry that succeeds is a success', async () => {
      const outcomes = outcomesOf(producer, runId)
      worker.consume(
        (of, { attempt }) => (attempt < 2 ? Promise.reject(crash(of)) : Promise.resolve(exampleResult(attempt))),
        { concurrency: 1, worker: 'w' },
      )
      await producer.enqueue([task('a', { attempts: 3 })])
      expect(await outcomes.reach(1)).toMatchObject([{ ok: true, attempts: 2, result: { rows: 2 } }])
    })

    test('an error that cannot pass is not tried again and keeps its code and details', async () => {
      const outcomes = outcomesOf(producer, runId)
      const error = new BullpenError('ONE_CLASS', { where: 'fold 2', only: 'hold' })
      worker.consume(() => Promise.reject(error), { concurrency: 1, worker: 'w' })
      await producer.enqueue([task('a', { attempts: 3 })])
      const data = { code: 'ONE_CLASS', message: error.message, retryable: false, details: error.details }
      expect(await outcomes.reach(1)).toMatchObject([{ ok: false, attempts: 1, error: data }])
    })

    test('a handler that throws something foreign fails the task once, as INTERNAL', async () => {
      const outcomes = outcomesOf(producer, runId)
      worker.consume(
        () => {
          throw new TypeError('boom')
        },
        { concurrency: 1, worker: 'w' },
      )
      await producer.enqueue([task('a', { attempts: 3 })])
      const error = { code: 'INTERNAL', details: { reason: 'boom' } }
      expect(await outcomes.reach(1)).toMatchObject([{ ok: false, attempts: 1, error }])
    })

    test('an attempt past its limit ends with TASK_TIMEOUT, its signal aborted, and is retried', async () => {
      const outcomes = outcomesOf(producer, runId)
      const reasons: unknown[] = []
      worker.consume(
        async (_, context) => {
          if (context.attempt === 2) return exampleResult()
          return untilAborted(context).finally(() => reasons.push(context.signal.reason))
        },
        { concurrency: 1, worker: 'w' },
      )
      await producer.enqueue([task('a', { timeoutMs: 20, attempts: 2 }), task('b', { timeoutMs: 20 })])
      const [b, a] = [...(await outcomes.reach(2))].sort((x, y) => y.key.localeCompare(x.key))
      expect(a).toMatchObject({ ok: true, attempts: 2 })
      expect(b).toMatchObject({ ok: false, attempts: 1, error: { code: 'TASK_TIMEOUT', details: { seconds: 0.02 } } })
      expect(reasons).toEqual([
        expect.objectContaining({ code: 'TASK_TIMEOUT' }),
        expect.objectContaining({ code: 'TASK_TIMEOUT' }),
      ])
    })

    test('what a handler says after its time is up is ignored', async () => {
      const outcomes = outcomesOf(producer, runId)
      worker.consume((of, context) => untilAborted(context).catch(() => exampleResult(of.attempts)), {
        concurrency: 1,
        worker: 'w',
      })
      await producer.enqueue([task('a', { timeoutMs: 20 })])
      expect(await outcomes.reach(1)).toMatchObject([{ ok: false, error: { code: 'TASK_TIMEOUT' } }])
    })

    test('a handler that will not stop keeps its slot, though its task has ended', async () => {
      const outcomes = outcomesOf(producer, runId)
      const release = gate()
      const log: string[] = []
      const handler = async (of: Task) => {
        log.push(`${of.key} starts`)
        if (of.key === 'a') await release.opened
        log.push(`${of.key} settles`)
        return exampleResult()
      }
      worker.consume(handler, { concurrency: 1, worker: 'w' })
      await producer.enqueue([task('a', { timeoutMs: 20 }), task('b')])
      expect(await outcomes.reach(1)).toMatchObject([{ key: 'a', ok: false, error: { code: 'TASK_TIMEOUT' } }])
      await new Promise((resolve) => setImmediate(resolve)) // time enough to start b wrongly
      release.open()
      expect(await outcomes.reach(2)).toMatchObject([{ key: 'a' }, { key: 'b', ok: true }])
      expect(log).toEqual(['a starts', 'a settles', 'b starts', 'b settles'])
    })

    test('a result that does not fit its schema fails the task', async () => {
      const outcomes = outcomesOf(producer, runId)
      worker.consume(() => Promise.resolve({ ...exampleResult(), rows: NaN }), { concurrency: 1, worker: 'w' })
      await producer.enqueue([task('a', { attempts: 2 })])
      const error = { code: 'TASK_INVALID', details: { part: 'result' } }
      expect(await outcomes.reach(1)).toMatchObject([{ ok: false, attempts: 1, error }])
    })
  })
}
