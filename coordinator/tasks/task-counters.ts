import type { TaskOutcome } from '#core/protocol'

/** Running totals of a client, for stage timings: take one before a stage and one after. */
export interface TaskCounters {
  /** Tasks that ended, failures included, recorded ones not. */
  readonly tasks: number
  readonly failed: number
  /** Answered from the run's record, without running. */
  readonly recorded: number
  /** Wall time of the last attempts on their workers, ms. */
  readonly runMs: number
  /** Of that, time inside the booster, ms. */
  readonly fitMs: number
  /** From enqueueing to outcome but not running: waiting for a free thread, and the queue's own cost, ms. */
  readonly waitMs: number
}

export const noTasks: TaskCounters = { tasks: 0, failed: 0, recorded: 0, runMs: 0, fitMs: 0, waitMs: 0 }

/** The totals with one more outcome; `elapsedMs` is the time since it was enqueued. */
export function countOutcome(counters: TaskCounters, outcome: TaskOutcome, elapsedMs: number): TaskCounters {
  const runMs = outcome.finishedAt - outcome.startedAt
  const fitMs = outcome.ok ? fitMsOf(outcome.result) : 0
  return {
    tasks: counters.tasks + 1,
    failed: counters.failed + (outcome.ok ? 0 : 1),
    recorded: counters.recorded,
    runMs: counters.runMs + runMs,
    fitMs: counters.fitMs + fitMs,
    waitMs: counters.waitMs + Math.max(0, elapsedMs - runMs),
  }
}

function fitMsOf(result: unknown): number {
  const { fitMs } = result as { fitMs?: unknown }
  return typeof fitMs === 'number' ? fitMs : 0
}
