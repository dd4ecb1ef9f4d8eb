import { BullpenError } from '#core/errors'
import { makeTask, type TaskRequest } from '../make-task.ts'
import type { Task, TaskContext, TaskOf, TaskOutcome, TaskQueue } from '../task-queue.ts'

/** Two connections to one queue, as two processes would make them; asked for in each test. */
export type OpenQueues = () => { readonly producer: TaskQueue; readonly worker: TaskQueue }

/** The run of {@link task}. */
export const runId = 'run'

const hash = 'ab'.repeat(32)

/** A valid `features` task with the given key; its handler may answer {@link exampleResult}. */
export function exampleTask(
  runId: string,
  key: string,
  more: Partial<Omit<TaskRequest<'features'>, 'runId' | 'key' | 'name'>> = {},
): TaskOf<'features'> {
  const payload = { candles: hash, featureSet: 'none', featureSetHash: hash, label: { name: 'none', parameters: {} } }
  return makeTask({ runId, key, name: 'features', payload, attempts: 1, timeoutMs: 60_000, ...more })
}

/** A valid task of {@link runId}. */
export function task(key: string, more?: Parameters<typeof exampleTask>[2]): TaskOf<'features'> {
  return exampleTask(runId, key, more)
}

/** A valid result of {@link exampleTask}. */
export function exampleResult(rows = 1) {
  return { table: hash, rows, columns: 1 }
}

/** Outcomes of a run as they come; `reach(n)` resolves with the first n once there are as many. */
export function outcomesOf(queue: TaskQueue, runId: string) {
  const seen: TaskOutcome[] = []
  const waiters = new Set<() => void>()
  const unsubscribe = queue.onOutcome(runId, (outcome) => {
    seen.push(outcome)
    for (const waiter of waiters) waiter()
  })
  const reach = (count: number): Promise<readonly TaskOutcome[]> =>
    new Promise((resolve) => {
      const look = () => {
        if (seen.length < count) return
        waiters.delete(look)
        resolve(seen.slice(0, count))
      }
      waiters.add(look)
      look()
    })
  return { seen, reach, unsubscribe }
}

/** A promise that the test opens by hand. */
export function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Keys of outcomes, in their order. */
export function keysOf(outcomes: readonly TaskOutcome[]): string[] {
  return outcomes.map(({ key }) => key)
}

/** A handler that does nothing until its attempt is aborted, and then says why. */
export function untilAborted({ signal }: TaskContext): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })
}

/** An error that may pass. */
export function crash({ id }: Task): BullpenError {
  return new BullpenError('WORKER_CRASHED', { task: id, reason: 'test' })
}
