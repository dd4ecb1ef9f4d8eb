import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { Task, TaskContext, TaskOutcome, TaskQueue } from '../task-queue.ts'
import { describeRandomTaskSets } from './describe-random-task-sets.ts'
import { exampleResult, exampleTask, gate, outcomesOf } from './example-tasks.ts'

/** One set of tasks to test with, empty at first. */
export interface TaskQueueFixture {
  /** A connection to it, as another process would make; an adapter that lives in one process gives the same queue. */
  connect(): TaskQueue | Promise<TaskQueue>
  /** Called after each test, when every connection has been closed. */
  dispose(): Promise<void>
}

export interface DescribeTaskQueueOptions {
  /** Random task sets to try (25 unless told): fewer for a queue behind a network. */
  readonly randomRuns?: number
}

const runId = 'run'
const task = (key: string, more?: Parameters<typeof exampleTask>[2]) => exampleTask(runId, key, more)
const ids = (outcomes: readonly TaskOutcome[]) => outcomes.map((outcome) => outcome.key)
const untilAborted = ({ signal }: TaskContext) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })
const crash = (of: Task) => new BullpenError('WORKER_CRASHED', { task: of.id, reason: 'test' })

/** The contract of TaskQueue as tests, over queues made by `open`. */
export function describeTaskQueue(
  name: string,
  open: () => Promise<TaskQueueFixture>,
  { randomRuns = 25 }: DescribeTaskQueueOptions = {},
): void {
  describe(`${name} as a task queue`, () => {
    let fixture: TaskQueueFixture
    let producer: TaskQueue
    let worker: TaskQueue

    beforeEach(async () => {
      fixture = await open()
      producer = await fixture.connect()
      worker = await fixture.connect()
    })

    afterEach(async () => {
      await producer.close()
      await worker.close()
      await fixture.dispose()
    })

    test('a task is handed to a handler as it was made and its result comes back', async () => {
      const outcomes = outcomesOf(producer, runId)
      const handed: Task[] = []
      worker.consume(
        (of) => {
          handed.push(of)
          return Promise.resolve(exampleResult(7))
        },
        { concurrency: 1, worker: 'w1' },
      )
      await producer.enqueue([task('a', { priority: 3, attempts: 2 })])
      const [outcome] = await outcomes.reach(1)
      expect(handed).toEqual([task('a', { priority: 3, attempts: 2 })])
      expect(outcome).toMatchObject({
        id: 'run/a',
        runId,
        key: 'a',
        name: 'features',
        ok: true,
        result: exampleResult(7),
      })
      expect(outcome).toMatchObject({ attempts: 1, worker: 'w1' })
      expect(outcome!.finishedAt).toBeGreaterThanOrEqual(outcome!.startedAt)
    })

    test('enqueueing an id twice is one task, while it waits, in one batch and when it is done', async () => {
      const outcomes = outcomesOf(producer, runId)
      let handed = 0
      await producer.enqueue([task('a'), task('a')])
      await producer.enqueue([task('a')])
      worker.consume(
        () => {
          handed += 1
          return Promise.resolve(exampleResult())
        },
        { concurrency: 1, worker: 'w' },
      )
      await outcomes.reach(1)
      await producer.enqueue([task('a'), task('b')])
      expect(ids(await outcomes.reach(2))).toEqual(['a', 'b'])
      expect(handed).toBe(2)
    })

    test('larger priorities go first and equal ones in order of arrival', async () => {
      const outcomes = outcomesOf(producer, runId)
      await producer.enqueue([task('a'), task('b', { priority: 2 }), task('c', { priority: 1 })])
      await producer.enqueue([task('d', { priority: 2 }), task('e')])
      worker.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
      expect(ids(await outcomes.reach(5))).toEqual(['b', 'd', 'c', 'a', 'e'])
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

    test('outcomes before a subscription are replayed to it, and none after it has ended', async () => {
      worker.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
      const early = outcomesOf(producer, runId)
      await producer.enqueue([task('a'), task('b')])
      await early.reach(2)
      early.unsubscribe()
      const late = outcomesOf(producer, runId)
      expect(late.seen).toEqual([]) // never before onOutcome has returned
      expect(ids(await late.reach(2))).toEqual(['a', 'b'])
      await producer.enqueue([task('c')])
      expect(ids(await late.reach(3))).toEqual(['a', 'b', 'c'])
      expect(ids(early.seen)).toEqual(['a', 'b'])
    })

    test('a listener that throws breaks neither the queue nor other listeners', async () => {
      let calls = 0
      producer.onOutcome(runId, () => {
        calls += 1
        throw new Error('listener broke')
      })
      const outcomes = outcomesOf(producer, runId)
      worker.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
      await producer.enqueue([task('a'), task('b')])
      expect(ids(await outcomes.reach(2))).toEqual(['a', 'b'])
      expect(calls).toBe(2)
    })

    test('never more than `concurrency` tasks run at a time, and several consumers share the work', async () => {
      const outcomes = outcomesOf(producer, runId)
      const both = gate()
      const busy = new Set<string>()
      let running = 0
      let most = 0
      const consume = (name: string) =>
        worker.consume(
          async () => {
            most = Math.max(most, ++running)
            busy.add(name)
            if (busy.size === 2) both.open()
            await both.opened
            running -= 1
            return exampleResult()
          },
          { concurrency: 2, worker: name },
        )
      consume('w1')
      consume('w2')
      await producer.enqueue(Array.from({ length: 20 }, (_, i) => task(`t${i}`)))
      await outcomes.reach(20)
      expect(most).toBeLessThanOrEqual(4)
      expect(new Set(outcomes.seen.map((outcome) => outcome.worker))).toEqual(new Set(['w1', 'w2']))
    })

    test('a payload that does not fit is refused whole, with nothing enqueued', async () => {
      const bad = { ...task('b'), payload: { ...task('b').payload, candles: 'no hash' } }
      await expect(producer.enqueue([task('a'), bad])).rejects.toMatchObject({ code: 'TASK_INVALID' })
      const other = { ...task('c'), protocolVersion: 0 }
      await expect(producer.enqueue([other])).rejects.toMatchObject({ code: 'PROTOCOL_DIFFERS' })
      const outcomes = outcomesOf(producer, runId)
      worker.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
      await producer.enqueue([task('z')])
      expect(ids(await outcomes.reach(1))).toEqual(['z'])
    })

    test('a result that does not fit its schema fails the task', async () => {
      const outcomes = outcomesOf(producer, runId)
      worker.consume(() => Promise.resolve({ ...exampleResult(), rows: NaN }), { concurrency: 1, worker: 'w' })
      await producer.enqueue([task('a', { attempts: 2 })])
      const error = { code: 'TASK_INVALID', details: { part: 'result' } }
      expect(await outcomes.reach(1)).toMatchObject([{ ok: false, attempts: 1, error }])
    })

    test('a reopened run keeps what succeeded and may try again what failed', async () => {
      const first = outcomesOf(producer, runId)
      let isMended = false
      worker.consume(
        (of) =>
          of.key === 'a' || isMended
            ? Promise.resolve(exampleResult(of.key === 'a' ? 1 : 2))
            : Promise.reject(new BullpenError('ONE_CLASS')),
        { concurrency: 1, worker: 'w' },
      )
      await producer.enqueue([task('a'), task('b')])
      await first.reach(2)
      first.unsubscribe()
      isMended = true
      await producer.reopen(runId)
      const again = outcomesOf(producer, runId)
      await producer.enqueue([task('a'), task('b')])
      expect(await again.reach(2)).toMatchObject([
        { key: 'a', ok: true, result: { rows: 1 } },
        { key: 'b', ok: true, result: { rows: 2 } },
      ])
    })

    test('a forgotten run is unknown: its waiting tasks are gone, its ids free, its running tasks aborted in silence', async () => {
      const outcomes = outcomesOf(producer, runId)
      const started = gate()
      const stopped = gate()
      let isAgain = false
      worker.consume(
        (_, context) => {
          if (isAgain) return Promise.resolve(exampleResult(2))
          started.open()
          return untilAborted(context).finally(stopped.open)
        },
        { concurrency: 1, worker: 'w' },
      )
      await producer.enqueue([task('a'), task('b')])
      await started.opened
      isAgain = true
      await producer.forget(runId)
      await stopped.opened
      await producer.enqueue([task('a')])
      expect(await outcomes.reach(1)).toMatchObject([{ key: 'a', ok: true, result: { rows: 2 } }])
      await producer.forget(runId)
      expect(outcomesOf(producer, runId).seen).toEqual([])
      expect(outcomes.seen).toHaveLength(1)
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
      expect(ids(await outcomes.reach(1))).toEqual(['a'])
      await worker.close()
      await expect(worker.enqueue([task('b')])).rejects.toMatchObject({ code: 'QUEUE_CLOSED' })
      expect(() => worker.consume(() => Promise.resolve(), { concurrency: 1, worker: 'w' })).toThrow(
        expect.objectContaining({ code: 'QUEUE_CLOSED' }),
      )
    })

    describeRandomTaskSets(() => ({ producer, worker }), randomRuns)
  })
}
