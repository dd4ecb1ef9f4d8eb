import type { ErrorCode } from '#core/errors'
import type { Task } from '#core/protocol'

/** How one attempt ended on this host: `ok`, or the code of its error. */
export interface AttemptResult {
  readonly outcome: 'ok' | ErrorCode
  /** From the task's arrival at the pool, its data included, ms. */
  readonly ms: number
}

/** Told of every attempt a pool makes. Must not throw. */
export interface TaskWatch {
  started(task: Task): void
  ended(task: Task, result: AttemptResult): void
}

/** Tells several. */
export function watchAll(watches: readonly TaskWatch[]): TaskWatch {
  return {
    started: (task) => {
      for (const watch of watches) watch.started(task)
    },
    ended: (task, result) => {
      for (const watch of watches) watch.ended(task, result)
    },
  }
}
