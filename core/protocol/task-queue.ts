import type { ErrorData } from '#core/errors'
import type { TaskName, TaskPayload } from './tasks.ts'

/** One task as it lies on a queue. `id` is `${runId}/${key}` and unique for ever: enqueueing it twice is one task. */
export interface Task<N extends TaskName = TaskName> {
  readonly id: string
  readonly runId: string
  readonly key: string
  readonly name: N
  readonly protocolVersion: number
  readonly payload: TaskPayload<N>
  /** How often it may be tried in all, 1 or more. Only retryable errors are tried again. */
  readonly attempts: number
  /** Wall-clock limit of one attempt, ms. */
  readonly timeoutMs: number
  /** Larger first; equal priorities in order of arrival. */
  readonly priority: number
}

/** How a task ended, once per task: after success, or after its last attempt failed, or when it was cancelled. */
export type TaskOutcome = {
  readonly id: string
  readonly runId: string
  readonly key: string
  readonly name: TaskName
  /** Attempts made, 1 or more (0 when cancelled before a start). */
  readonly attempts: number
  /** Who ran the last attempt, for people. */
  readonly worker: string
  readonly startedAt: number
  readonly finishedAt: number
} & ({ readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: ErrorData })

/** What a handler gets besides the task. It must stop soon after `signal` aborts (timeout or cancellation). */
export interface TaskContext {
  readonly attempt: number
  readonly signal: AbortSignal
}

/** Runs one attempt of a task; throws BullpenError to fail it. */
export type TaskHandler = (task: Task, context: TaskContext) => Promise<unknown>

/** A consumer at work. */
export interface Consumer {
  /** Stops taking tasks, waits for those in flight, then resolves. Tasks not started stay on the queue. */
  drain(): Promise<void>
}

/**
 * Between the coordinator, which produces tasks, and workers, which consume them. Delivery is at least once; outcomes
 * are exactly once per task id. Payloads and results are checked against their schemas on both sides (TASK_INVALID).
 */
export interface TaskQueue {
  /** Adds tasks; ids already known are ignored. Rejects when the queue is closed. */
  enqueue(tasks: readonly Task[]): Promise<void>
  /** Calls `listener` once per finished task of the run, also for those that finished before subscribing. Returns unsubscribe. */
  onOutcome(runId: string, listener: (outcome: TaskOutcome) => void): () => void
  /** Cancels what is waiting and aborts what runs; each such task ends with TASK_CANCELLED. */
  cancel(runId: string): Promise<void>
  /** Starts taking up to `concurrency` tasks at a time. */
  consume(handler: TaskHandler, options: { readonly concurrency: number; readonly worker: string }): Consumer
  /** Forgets finished outcomes of a run. */
  forget(runId: string): Promise<void>
  close(): Promise<void>
}
