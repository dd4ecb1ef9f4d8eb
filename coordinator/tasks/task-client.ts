import { BullpenError, asBullpenError, fromErrorData } from '#core/errors'
import { sha256Json } from '#core/hashing'
import { checkResult, makeTask } from '#core/protocol'
import type { Task, TaskName, TaskOutcome, TaskPayload, TaskQueue, TaskResult } from '#core/protocol'
import type { RunStore } from '#core/registry'
import { countOutcome, noTasks, type TaskCounters } from './task-counters.ts'

export interface TaskClientOptions {
  readonly queue: TaskQueue
  readonly runs: Pick<RunStore, 'recordTask' | 'taskResults'>
  readonly runId: string
  /** How often each task may be tried, 1 or more. */
  readonly attempts: number
  /** Wall-clock limit of one attempt, ms. */
  readonly timeoutMs: number
  /** Interrupts the client; a BullpenError as its reason is what every open call rejects with. */
  readonly signal?: AbortSignal
  /** Failed tasks the run may have; one more stops it with TOO_MANY_FAILURES. Default 10. */
  readonly maxFailures?: number
}

interface Pending {
  readonly task: Task
  readonly recordKey: string
  readonly enqueuedAt: number
  readonly promise: Promise<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: BullpenError) => void
}

/**
 * The tasks of one run as calls that survive the coordinator: a result is recorded before the call resolves, and a
 * resumed run that makes the same call gets the recorded result without enqueueing anything.
 *
 *     open --run--> waiting --outcome ok--> recorded --> resolved
 *      |               +------outcome failed----------> rejected (counted)
 *      +--abort / too many failures--> stopped: every call rejects; results still in flight are recorded until close
 */
export class TaskClient {
  private readonly options: TaskClientOptions
  private readonly recorded: Map<string, unknown>
  private readonly pending = new Map<string, Pending>()
  private readonly failures = new Map<string, BullpenError>()
  private readonly background = new Set<Promise<unknown>>()
  private readonly unsubscribe: () => void
  private readonly watchers = new Set<(counters: TaskCounters) => void>()
  private totals = noTasks
  private batch: Task[] = []
  private stopped: BullpenError | undefined

  /** Reads what the run has recorded and drops what an earlier coordinator left of it on the queue. */
  static async open(options: TaskClientOptions): Promise<TaskClient> {
    const recorded = new Map(await options.runs.taskResults(options.runId))
    await options.queue.forget(options.runId)
    return new TaskClient(options, recorded)
  }

  private constructor(options: TaskClientOptions, recorded: Map<string, unknown>) {
    this.options = options
    this.recorded = recorded
    const stopListening = options.queue.onOutcome(options.runId, this.onOutcome)
    options.signal?.addEventListener('abort', this.onAbort)
    this.unsubscribe = () => {
      stopListening()
      options.signal?.removeEventListener('abort', this.onAbort)
    }
    if (options.signal?.aborted) this.onAbort()
  }

  /**
   * The result of one task. `key` names it within the run, whatever the order of calls; the same key and payload is
   * one task. Rejects with what the task finally failed with, TASK_INVALID, TOO_MANY_FAILURES, or the interruption.
   */
  async run<N extends TaskName>(
    name: N,
    key: string,
    payload: TaskPayload<N>,
    { priority = 0 }: { readonly priority?: number } = {},
  ): Promise<TaskResult<N>> {
    if (this.stopped) throw this.stopped
    const { runId, attempts, timeoutMs } = this.options
    const task = makeTask({ runId, key, name, payload, attempts, timeoutMs, priority })
    // The payload is part of the record's key: were the plan ever different on resume, nothing stale is taken for it.
    const recordKey = `${key}@${sha256Json({ name, payload }).slice(0, 16)}`
    if (this.recorded.has(recordKey)) {
      this.count({ ...this.totals, recorded: this.totals.recorded + 1 })
      return checkResult(name, this.recorded.get(recordKey), task.id)
    }
    const failure = this.failures.get(key)
    if (failure) throw failure
    const pending = this.pending.get(key) ?? this.add(task as Task, recordKey)
    if (pending.recordKey !== recordKey) {
      throw new BullpenError('INTERNAL', { reason: `the key ${key} is used for two different tasks of a run` })
    }
    return (await pending.promise) as TaskResult<N>
  }

  /** Totals so far; see {@link TaskCounters}. */
  counters(): TaskCounters {
    return this.totals
  }

  /** Calls `watcher` with the new totals whenever a task ends or is found recorded. Returns how to stop it. */
  watch(watcher: (counters: TaskCounters) => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** Every task that finally failed, with its error, in order; never more than `maxFailures` + 1 before the stop. */
  failed(): readonly { readonly key: string; readonly error: BullpenError }[] {
    return [...this.failures].map(([key, error]) => ({ key, error }))
  }

  /**
   * Waits until results that have come are recorded, then stops listening. Calls still open reject as interrupted;
   * when there are none the run is forgotten on the queue. Drain the workers first to keep what they have in hand.
   */
  async close(): Promise<void> {
    this.stopped ??= new BullpenError('INTERRUPTED', { reason: 'the run was closed' })
    this.rejectAll(this.stopped)
    while (this.background.size > 0) await Promise.all(this.background)
    this.unsubscribe()
    if (this.pending.size === 0) await this.options.queue.forget(this.options.runId)
  }

  private count(totals: TaskCounters): void {
    this.totals = totals
    for (const watcher of this.watchers) watcher(totals)
  }

  private add(task: Task, recordKey: string): Pending {
    const { promise, resolve, reject } = deferred()
    const pending = { task, recordKey, enqueuedAt: performance.now(), promise, resolve, reject }
    this.pending.set(task.key, pending)
    this.batch.push(task)
    if (this.batch.length === 1) setImmediate(this.enqueueBatch)
    return pending
  }

  /** Everything asked for in one turn of the event loop goes to the queue at once. */
  private readonly enqueueBatch = (): void => {
    const tasks = this.batch
    this.batch = []
    if (tasks.length === 0) return
    this.inBackground(this.options.queue.enqueue(tasks), (error) => {
      for (const { key } of tasks) {
        this.pending.get(key)?.reject(error)
        this.pending.delete(key)
      }
    })
  }

  private readonly onOutcome = (outcome: TaskOutcome): void => {
    const pending = this.pending.get(outcome.key)
    if (!pending) return
    if (!outcome.ok && outcome.error.code === 'TASK_CANCELLED') {
      this.pending.delete(outcome.key)
      pending.reject(fromErrorData(outcome.error))
      return
    }
    this.count(countOutcome(this.totals, outcome, performance.now() - pending.enqueuedAt))
    if (outcome.ok) this.inBackground(this.record(pending, outcome.result), pending.reject)
    else this.fail(pending, fromErrorData(outcome.error))
  }

  private async record({ task, recordKey, resolve }: Pending, value: unknown): Promise<void> {
    const result = checkResult(task.name, value, task.id)
    await this.options.runs.recordTask(task.runId, recordKey, result)
    this.recorded.set(recordKey, result)
    this.pending.delete(task.key)
    resolve(result)
  }

  private fail({ task, reject }: Pending, error: BullpenError): void {
    this.pending.delete(task.key)
    this.failures.set(task.key, error)
    const { maxFailures = 10 } = this.options
    if (this.failures.size > maxFailures && !this.stopped) {
      const total = this.totals.tasks + this.pending.size
      const first = this.failed()[0]!.error.message
      const details = { failed: this.failures.size, total, allowed: maxFailures, first }
      this.stop(new BullpenError('TOO_MANY_FAILURES', details), 'abort')
    }
    reject(this.stopped ?? error)
  }

  private readonly onAbort = (): void => {
    const reason: unknown = this.options.signal?.reason
    const isOurs = reason instanceof BullpenError
    this.stop(isOurs ? reason : new BullpenError('INTERRUPTED', { reason: 'the run was stopped' }), 'finish')
  }

  private stop(error: BullpenError, running: 'abort' | 'finish'): void {
    if (this.stopped) return
    this.stopped = error
    this.rejectAll(error)
    for (const { key } of this.batch) this.pending.delete(key)
    this.batch = []
    this.inBackground(this.options.queue.cancel(this.options.runId, { running }), () => undefined)
  }

  /** They stay in `pending`, so that a result still to come is recorded. */
  private rejectAll(error: BullpenError): void {
    for (const { reject } of this.pending.values()) reject(error)
  }

  private inBackground(work: Promise<unknown>, onError: (error: BullpenError) => void): void {
    const settled = work
      .catch((error: unknown) => {
        onError(asBullpenError(error))
      })
      .finally(() => this.background.delete(settled))
    this.background.add(settled)
  }
}

function deferred() {
  let resolve: (result: unknown) => void = () => undefined
  let reject: (error: BullpenError) => void = () => undefined
  const promise = new Promise<unknown>((onResult, onError) => {
    resolve = onResult
    reject = onError
  })
  return { promise, resolve, reject }
}
