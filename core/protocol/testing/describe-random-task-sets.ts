import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BullpenError } from '#core/errors'
import type { Task } from '../task-queue.ts'
import { exampleResult, exampleTask, outcomesOf, type OpenQueues } from './example-tasks.ts'

/** What one random task does: fail `failures` times in a way that may pass, then succeed or fail for good. */
const plan = fc.record({
  priority: fc.integer({ min: -2, max: 2 }),
  attempts: fc.integer({ min: 1, max: 4 }),
  failures: fc.integer({ min: 0, max: 4 }),
  end: fc.constantFrom('success', 'failure' as const),
})
const plans = fc.array(plan, { maxLength: 30 })
const concurrencies = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })

/** Whatever the tasks, failures and consumers: one outcome a task, the one its plan says, after the attempts it says. */
export function describeRandomTaskSets(queues: OpenQueues, numRuns: number): void {
  test('random tasks, failures and consumers give each task its one outcome', async () => {
    let set = 0
    await fc.assert(
      fc.asyncProperty(plans, concurrencies, async (chosen, consumers) => {
        const { producer, worker } = queues()
        const runId = `random-${set++}`
        const outcomes = outcomesOf(producer, runId)
        const delivered = new Map<string, number>()
        const handler = (task: Task, { attempt }: { attempt: number }) => {
          delivered.set(task.key, (delivered.get(task.key) ?? 0) + 1)
          const { failures, end } = chosen[Number(task.key)]!
          if (attempt <= failures) return Promise.reject(new BullpenError('WORKER_CRASHED', { task: task.id }))
          if (end === 'failure') return Promise.reject(new BullpenError('ONE_CLASS'))
          return Promise.resolve(exampleResult(attempt))
        }
        const running = consumers.map((concurrency, i) => worker.consume(handler, { concurrency, worker: `w${i}` }))
        const tasks = chosen.map(({ priority, attempts }, i) => exampleTask(runId, String(i), { priority, attempts }))
        await Promise.all([producer.enqueue(tasks), producer.enqueue([...tasks].reverse())])
        await outcomes.reach(tasks.length)
        await Promise.all(running.map((consumer) => consumer.drain()))
        expect(outcomes.seen).toHaveLength(tasks.length)
        expect(new Set(outcomes.seen.map(({ id }) => id)).size).toBe(tasks.length)
        for (const outcome of outcomes.seen) {
          const { attempts, failures, end } = chosen[Number(outcome.key)]!
          const made = Math.min(attempts, failures + 1)
          expect(outcome.attempts).toBe(made)
          expect(outcome.ok).toBe(failures < attempts && end === 'success')
          expect(delivered.get(outcome.key)).toBeGreaterThanOrEqual(made)
          if (outcome.ok) expect(outcome.result).toEqual(exampleResult(made))
        }
        outcomes.unsubscribe()
        await producer.forget(runId)
      }),
      { numRuns },
    )
  })
}
