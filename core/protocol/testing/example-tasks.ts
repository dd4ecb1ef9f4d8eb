import { makeTask, type TaskRequest } from '../make-task.ts'
import type { TaskOf, TaskOutcome, TaskQueue } from '../task-queue.ts'

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
