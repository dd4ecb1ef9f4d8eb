import { BullpenError } from '#core/errors'
import { checkResult, makeTask } from '#core/protocol'
import type { Task, TaskName, TaskOutcome, TaskPayload, TaskQueue, TaskResult } from '#core/protocol'
import type { RunStore } from '#core/registry'
import { BackgroundWork } from './background-work.ts'
import { pendingTask, type PendingTask } from './pending-task.ts'
import { plainError, recordKeyOf } from './record-key.ts'
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

/**
 * The tasks of one run as calls that survive the coordinator: a result is recorded before the call resolves, and a
 * resumed run that makes the same call gets the recorded result without enqueueing anything. What an earlier
 * coordinator left waiting or running is adopted: asked for again it is the same task, and an outcome that comes before
 * it is asked for is kept.
 *
 *     open --run--> waiting --outcome ok--> recorded --> resolved
 *      |               +------outcome failed----------> rejected (counted)
 *      +--abort / too many failures--> stopped: every call rejects; results still in flight are recorded until close
 *      |                                        (too many failures, BUDGET_SPENT: what runs is aborted)
 *      +--abort with RUN_HOLD_LOST---> stopped: every call rejects; nothing of the run is touched any more
 */
export class TaskClient {
  private readonly options: TaskClientOptions
  private readonly recorded: Map<string, unknown>
  /** By record key, as everything below. */
  private readonly pending = new Map<string, PendingTask>()
  private readonly early = new Map<string, TaskOutcome>()
  private readonly failures = new Map<string, { readonly key: string; readonly error: BullpenError }>()
  private readonly askedAgain = new Set<string>()
  private readonly background = new BackgroundWork()
  private readonly unsubscribe: () => void
  private readonly watchers = new Set<(counters: TaskCounters) => void>()
  private totals = noTasks
  private batch: Task[] = []
  private stopped: BullpenError | undefined

  /** Makes the run ready to go on where an earlier coordinator left it, and reads what it has recorded. */
  static async open(options: TaskClientOptions): Promise<TaskClient> {
    await options.queue.reopen(options.runId)
    const recorded = new Map(await options.runs.taskResults(options.runId))
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
    const recordKey = recordKeyOf(name, key, payload)
    if (this.recorded.has(recordKey)) {
      this.count({ ...this.totals, recorded: this.totals.recorded + 1 })
      return checkResult(name, this.recorded.get(recordKey), `${runId}/${key}`)
    }
    const failure = this.failures.get(recordKey)
    if (failure) throw failure.error
    if (!this.pending.has(recordKey) && [...this.pending.values()].some((other) => other.key === key)) {
      throw new BullpenError('INTERNAL', { reason: `the key ${key} is used for two different tasks of a run` })
    }
    const pending =
      this.pending.get(recordKey) ??
      this.add(makeTask({ runId, key: recordKey, name, payload, attempts, timeoutMs, priority }) as Task, key)
    return (await pending.promise) as TaskResult<N>
  }

  /** What was decided under that name, by this or an earlier coordinator; undefined: nothing. */
  decided(name: string): unknown {
    return this.recorded.get(decisionKey(name))
  }

  /** Writes a decision down before anybody acts on it, so that a resumed run decides the same. */
  async decide(name: string, decision: unknown): Promise<void> {
    if (this.stopped) throw this.stopped
    await this.options.runs.recordTask(this.options.runId, decisionKey(name), decision)
    this.recorded.set(decisionKey(name), decision)
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
    return [...this.failures.values()]
  }

  /**
   * Waits until results that have come are recorded, then stops listening. Calls still open reject as interrupted;
   * when there are none the run is forgotten on the queue. Drain the workers first to keep what they have in hand.
   */
  async close(): Promise<void> {
    this.stopped ??= new BullpenError('INTERRUPTED', { reason: 'the run was closed' })
    this.rejectAll(this.stopped)
    await this.background.settled()
    this.unsubscribe()
    if (this.pending.size === 0 && !this.isAbandoned()) await this.options.queue.forget(this.options.runId)
  }

  private count(totals: TaskCounters): void {
    this.totals = totals
    for (const watcher of this.watchers) watcher(totals)
  }

  private add(task: Task, key: string): PendingTask {
    const pending = pendingTask(task, key, performance.now())
    this.pending.set(task.key, pending)
    const early = this.early.get(task.key)
    if (early) {
      this.early.delete(task.key)
      this.settle(pending, early)
    } else {
      this.batch.push(task)
      if (this.batch.length === 1) setImmediate(this.enqueueBatch)
    }
    return pending
  }

  /** Everything asked for in one turn of the event loop goes to the queue at once. */
  private readonly enqueueBatch = (): void => {
    const tasks = this.batch
    this.batch = []
    if (tasks.length === 0) return
    this.background.add(this.options.queue.enqueue(tasks), (error) => {
      for (const { key } of tasks) {
        this.pending.get(key)?.reject(error)
        this.pending.delete(key)
      }
    })
  }

  private readonly onOutcome = (outcome: TaskOutcome): void => {
    const isCancelled = !outcome.ok && outcome.error.code === 'TASK_CANCELLED'
    const pending = this.pending.get(outcome.key)
    if (!pending) {
      if (!isCancelled && !this.recorded.has(outcome.key)) this.early.set(outcome.key, outcome)
    } else if (isCancelled) {
      this.onCancelled(pending, outcome)
    } else {
      this.settle(pending, outcome)
    }
  }

  private settle(pending: PendingTask, outcome: TaskOutcome): void {
    if (this.isAbandoned()) return
    this.count(countOutcome(this.totals, outcome, performance.now() - pending.askedAt))
    if (outcome.ok) this.background.add(this.record(pending, outcome), pending.reject)
    else this.fail(pending, plainError(outcome.error, pending.task.key, pending.key))
  }

  /**
   * A cancellation nobody here asked for is what an earlier coordinator left on its way out, so the task is asked for
   * anew, once. Reopening also drops failures not heard of yet: therefore everything open is enqueued again.
   */
  private onCancelled(pending: PendingTask, outcome: TaskOutcome & { ok: false }): void {
    const { queue, runId } = this.options
    if (this.stopped || this.askedAgain.has(outcome.key)) {
      this.pending.delete(outcome.key)
      pending.reject(plainError(outcome.error, outcome.key, pending.key))
      return
    }
    this.askedAgain.add(outcome.key)
    const again = async () => {
      await queue.reopen(runId)
      if (!this.stopped) await queue.enqueue([...this.pending.values()].map(({ task }) => task))
    }
    this.background.add(again(), pending.reject)
  }

  private async record({ task, key, resolve }: PendingTask, outcome: TaskOutcome & { ok: true }): Promise<void> {
    const { runId, runs } = this.options
    const result = checkResult(task.name, outcome.result, `${runId}/${key}`)
    if (outcome.recorded !== true) await runs.recordTask(runId, task.key, result)
    this.recorded.set(task.key, result)
    this.pending.delete(task.key)
    resolve(result)
  }

  private fail({ task, key, reject }: PendingTask, error: BullpenError): void {
    this.pending.delete(task.key)
    this.failures.set(task.key, { key, error })
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
    const error = isOurs ? reason : new BullpenError('INTERRUPTED', { reason: 'the run was stopped' })
    // There is money for the teardown and for nothing else: a task that hangs would spend that, too.
    this.stop(error, error.code === 'BUDGET_SPENT' ? 'abort' : 'finish')
  }

  private stop(error: BullpenError, running: 'abort' | 'finish'): void {
    if (this.stopped) return
    this.stopped = error
    this.rejectAll(error)
    for (const { key } of this.batch) this.pending.delete(key)
    this.batch = []
    if (this.isAbandoned()) return
    this.background.add(this.options.queue.cancel(this.options.runId, { running }), () => undefined)
  }

  /** Another coordinator may have the run by now: its tasks are no longer ours to cancel, record or forget. */
  private isAbandoned(): boolean {
    return this.stopped?.code === 'RUN_HOLD_LOST'
  }

  /** They stay in `pending`, so that a result still to come is recorded. */
  private rejectAll(error: BullpenError): void {
    for (const { reject } of this.pending.values()) reject(error)
  }
}

/** No key of a task begins like this. */
function decisionKey(name: string): string {
  return `decision/${name}`
}
