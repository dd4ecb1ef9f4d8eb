import type { ErrorData } from '#core/errors'
import type { TaskName, TaskPayload } from './tasks.ts'

/** One task of a given name as it lies on a queue: a value, unchanged by whatever its maker does to it afterwards. */
export interface TaskOf<N extends TaskName> {
  /** `${runId}/${key}`: enqueueing it twice is one task. */
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
  /** Larger first; equal priorities in order of arrival. A retry keeps its place. */
  readonly priority: number
}

/** A task of any name (or of the names given); narrow it by `task.name`. */
export type Task<N extends TaskName = TaskName> = { [K in N]: TaskOf<K> }[N]

/** How a task ended, once per task: after success, or after its last attempt failed, or when it was cancelled. */
export type TaskOutcome = {
  readonly id: string
  readonly runId: string
  readonly key: string
  readonly name: TaskName
  /** Attempts made, 1 or more (0 when cancelled before a start). */
  readonly attempts: number
  /** Who ran the last attempt, for people; empty when nobody did. */
  readonly worker: string
  /** Start and end of the last attempt by the worker's clock, ms since the epoch. */
  readonly startedAt: number
  readonly finishedAt: number
  /** True when the queue has put the result into the run's record itself, durably, before saying so. */
  readonly recorded?: boolean
} & ({ readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: ErrorData })

/** What a handler gets besides the task. */
export interface TaskContext {
  /** 1 for the first attempt. */
  readonly attempt: number
  /** Aborts with TASK_TIMEOUT, TASK_CANCELLED or TASK_HANDED_BACK as its reason. The handler must stop soon after. */
  readonly signal: AbortSignal
}

/** Runs one attempt of a task; throws BullpenError to fail it (anything else counts as INTERNAL). */
export type TaskHandler = (task: Task, context: TaskContext) => Promise<unknown>

/** How to consume: `concurrency` tasks at a time, in the name of `worker`. */
export interface ConsumeOptions {
  readonly concurrency: number
  readonly worker: string
}

/** A consumer at work. */
export interface Consumer {
  /** Stops taking tasks, waits for those in flight, then resolves. Tasks not started stay on the queue. Idempotent. */
  drain(): Promise<void>
  /**
   * Stops taking tasks and gives back those in flight: their signals abort with TASK_HANDED_BACK, they wait again and
   * the attempts do not count. What a cancel let finish ends with TASK_CANCELLED instead. Resolves when they have been
   * given back and their handlers have settled; ends what `drain` still waits for. Idempotent.
   */
  handBack(): Promise<void>
}

/**
 * Between the coordinator, which produces tasks, and workers, which consume them, in one process or on many machines.
 *
 * Delivery is at least once; outcomes are exactly once per task id and subscription. Payloads and results are checked
 * against their schemas on both sides (TASK_INVALID) and cross as JSON. An attempt ends when its handler settles or
 * its signal aborts, whichever is first; what the handler says after an abort is ignored, and its slot is taken until
 * it settles. Safe for concurrent use.
 *
 *     waiting --taken--> running --result, final error, cancel--> finished --forget--> unknown
 *        ^                  |
 *        +---retryable------+ (error, timeout or lost worker, with attempts left)
 *        +---handed back----+ (the attempt does not count)
 */
export interface TaskQueue {
  /**
   * Adds tasks, all or none; ids already known are ignored, finished ones included. Throws TASK_INVALID,
   * PROTOCOL_DIFFERS, QUEUE_FULL, QUEUE_CLOSED.
   */
  enqueue(tasks: readonly Task[]): Promise<void>
  /**
   * Calls `listener` once per finished task of the run, also for those that finished before subscribing, and never
   * before this method has returned. A listener that throws is reported as a process warning and called again for the
   * next outcome. Returns unsubscribe, after which it is not called again.
   */
  onOutcome(runId: string, listener: (outcome: TaskOutcome) => void): () => void
  /**
   * Ends with TASK_CANCELLED what waits and what runs, whatever attempts are left. With `running: 'finish'` what runs
   * may end by itself. Resolves when every worker reached has been told; outcomes follow.
   */
  cancel(runId: string, options?: { readonly running: 'abort' | 'finish' }): Promise<void>
  /** Starts taking up to `concurrency` tasks at a time. Throws QUEUE_CLOSED. */
  consume(handler: TaskHandler, options: ConsumeOptions): Consumer
  /**
   * Makes a run ready to go on: failed and cancelled outcomes are dropped, so that their ids may be enqueued anew; what
   * waits, runs or succeeded stays, and its outcomes come to whoever subscribes.
   */
  reopen(runId: string): Promise<void>
  /** Drops every trace of a run, aborting what still runs of it without an outcome; its ids may then be used anew. */
  forget(runId: string): Promise<void>
  /** Drains this process's consumers, delivers their outcomes, then lets go. Idempotent. */
  close(): Promise<void>
}
