import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Task, TaskQueue } from '../task-queue.ts'
import { describeAttempts } from './describe-attempts.ts'
import { describeRandomTaskSets } from './describe-random-task-sets.ts'
import { describeRuns } from './describe-runs.ts'
import { describeTaskEnds } from './describe-task-ends.ts'
import { exampleResult, gate, keysOf, outcomesOf, runId, task } from './example-tasks.ts'

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
      expect(keysOf(await outcomes.reach(2))).toEqual(['a', 'b'])
      expect(handed).toBe(2)
    })

    test('larger priorities go first and equal ones in order of arrival', async () => {
      const outcomes = outcomesOf(producer, runId)
      await producer.enqueue([task('a'), task('b', { priority: 2 }), task('c', { priority: 1 })])
      await producer.enqueue([task('d', { priority: 2 }), task('e')])
      worker.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
      expect(keysOf(await outcomes.reach(5))).toEqual(['b', 'd', 'c', 'a', 'e'])
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
      expect(keysOf(await outcomes.reach(1))).toEqual(['z'])
    })

    describeAttempts(() => ({ producer, worker }))
    describeTaskEnds(() => ({ producer, worker }))
    describeRuns(() => ({ producer, worker }))
    describeRandomTaskSets(() => ({ producer, worker }), randomRuns)
  })
}
