import { setTimeout as sleep } from 'node:timers/promises'
import { BullpenError } from '#core/errors'
import type { Task, TaskQueue } from '#core/protocol'

const longestWaitMs = 5000

/**
 * Enqueues, waiting while the database or Redis is away: asking again is safe, a task known already is left as it is.
 * Throws other errors at once, and the last one when `signal` aborts.
 */
export async function enqueuePatiently(
  queue: TaskQueue,
  tasks: readonly Task[],
  signal: AbortSignal,
  firstWaitMs = 200,
): Promise<void> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    try {
      await queue.enqueue(tasks)
      return
    } catch (error) {
      if (!isAway(error) || signal.aborted) throw error
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined)
  }
}

function isAway(error: unknown): boolean {
  return error instanceof BullpenError && ['DATABASE_UNAVAILABLE', 'QUEUE_UNAVAILABLE'].includes(error.code)
}
