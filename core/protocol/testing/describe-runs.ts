import { beforeEach, describe, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { TaskQueue } from '../task-queue.ts'
import { exampleResult, gate, keysOf, outcomesOf, runId, task, untilAborted, type OpenQueues } from './example-tasks.ts'

/** Outcomes of a run as its listeners see them, and runs that are begun again. */
export function describeRuns(queues: OpenQueues): void {
  describe('runs', () => {
    let producer: TaskQueue
    let worker: TaskQueue

    beforeEach(() => {
      ;({ producer, worker } = queues())
    })

    test('outcomes before a subscription are replayed to it, and none after it has ended', async () => {
      worker.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
      const early = outcomesOf(producer, runId)
      await producer.enqueue([task('a'), task('b')])
      await early.reach(2)
      early.unsubscribe()
      const late = outcomesOf(producer, runId)
      expect(late.seen).toEqual([]) // never before onOutcome has returned
      expect(keysOf(await late.reach(2))).toEqual(['a', 'b'])
      await producer.enqueue([task('c')])
      expect(keysOf(await late.reach(3))).toEqual(['a', 'b', 'c'])
      expect(keysOf(early.seen)).toEqual(['a', 'b'])
    })

    test('a listener that throws breaks neither the queue nor other listeners', async () => {
      const heard: string[] = []
      const brokenHeardBoth = new Promise<void>((resolve) => {
        producer.onOutcome(runId, ({ key }) => {
          heard.push(key)
          if (heard.length === 2) resolve()
          throw new Error('listener broke')
        })
      })
      const outcomes = outcomesOf(producer, runId)
      worker.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
      await producer.enqueue([task('a'), task('b')])
      expect(keysOf(await outcomes.reach(2))).toEqual(['a', 'b'])
      await brokenHeardBoth // listeners are told each in its own time
      expect(heard.sort()).toEqual(['a', 'b'])
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

    test('a forgotten run is unknown: its waiting tasks are gone, its keysOf free, its running tasks aborted in silence', async () => {
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
  })
}
