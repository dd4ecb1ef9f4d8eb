import { BullpenError, toErrorData } from '#core/errors'
import { checkTask, failed, mayRetry, succeeded } from '#core/protocol'
import type { ConsumeOptions, Consumer, Task, TaskHandler, TaskOutcome, TaskQueue } from '#core/protocol'
import { startAttempt, type AttemptEnd } from '#platform/attempts'
import { WaitingTasks, type Place } from './memory-task-queue-waiting.ts'

type Listener = (outcome: TaskOutcome) => void

/** A live task. It is kept as JSON text, so nobody outside can change it. */
interface Entry extends Place {
  readonly id: string
  readonly runId: string
  readonly text: string
  attempts: number
  /** Set by cancel: the running attempt is not followed by another. */
  last: boolean
  /** Ends the running attempt; absent while waiting. */
  end?: ((error: BullpenError) => void) | undefined
}

/** What is known of one run: live tasks, outcomes kept for late subscribers until `forget`, and who listens. */
interface RunTasks {
  readonly live: Map<string, Entry>
  readonly outcomes: Map<string, TaskOutcome>
  readonly listeners: Set<Listener>
}

interface Taker extends ConsumeOptions {
  readonly handler: TaskHandler
  readonly running: Set<Promise<void>>
  /** Tasks it holds. */
  readonly held: Set<Entry>
}

/**
 * The task queue of one process, which dies with it. Bounded: at most `limit` tasks wait (QUEUE_FULL); outcomes are
 * held until their run is forgotten, one small record a task.
 */
export class MemoryTaskQueue implements TaskQueue {
  private readonly limit: number
  private readonly runs = new Map<string, RunTasks>()
  private readonly waiting = new WaitingTasks<Entry>()
  private readonly takers = new Map<Taker, Consumer>()
  private sequence = 0
  private closing: Promise<void> | undefined

  constructor(options: { readonly limit?: number } = {}) {
    this.limit = options.limit ?? 100_000
  }

  enqueue(tasks: readonly Task[]): Promise<void> {
    return Promise.resolve().then(() => {
      this.add(tasks)
      this.handOut()
    })
  }

  onOutcome(runId: string, listener: Listener): () => void {
    const { outcomes, listeners } = this.runOf(runId)
    const own: Listener = (outcome) => {
      listener(outcome)
    }
    listeners.add(own)
    for (const outcome of outcomes.values()) tell(listeners, own, outcome)
    return () => {
      listeners.delete(own)
      this.release(runId)
    }
  }

  cancel(runId: string, { running } = { running: 'abort' as 'abort' | 'finish' }): Promise<void> {
    return Promise.resolve().then(() => {
      for (const entry of this.waiting.takeAll((one) => one.runId === runId)) {
        this.finish(entry, { ok: false, error: toErrorData(cancelled(entry)) }, { worker: '', startedAt: Date.now() })
      }
      for (const entry of this.runs.get(runId)?.live.values() ?? []) {
        entry.last = true
        if (running === 'abort') entry.end?.(cancelled(entry))
      }
    })
  }

  consume(handler: TaskHandler, { concurrency, worker }: ConsumeOptions): Consumer {
    this.assertOpen()
    const taker: Taker = { handler, concurrency, worker, running: new Set(), held: new Set() }
    const drain = async () => {
      this.takers.delete(taker)
      await Promise.all(taker.running)
    }
    const handBack = async () => {
      this.takers.delete(taker)
      for (const entry of taker.held) entry.end?.(new BullpenError('TASK_HANDED_BACK', { task: entry.id }))
      await drain()
    }
    const consumer: Consumer = { drain, handBack }
    this.takers.set(taker, consumer)
    this.handOut()
    return consumer
  }

  reopen(runId: string): Promise<void> {
    return Promise.resolve().then(() => {
      const { outcomes } = this.runOf(runId)
      for (const { id, ok } of outcomes.values()) if (!ok) outcomes.delete(id)
      this.release(runId)
    })
  }

  forget(runId: string): Promise<void> {
    return Promise.resolve().then(() => {
      const run = this.runs.get(runId)
      if (!run) return
      this.waiting.takeAll((one) => one.runId === runId)
      const live = [...run.live.values()]
      run.live.clear()
      run.outcomes.clear()
      for (const entry of live) entry.end?.(cancelled(entry))
      this.release(runId)
    })
  }

  close(): Promise<void> {
    this.closing ??= Promise.all([...this.takers.values()].map((consumer) => consumer.drain())).then(() => {
      this.waiting.takeAll(() => true)
      this.runs.clear()
    })
    return this.closing
  }

  private add(tasks: readonly Task[]): void {
    this.assertOpen()
    tasks.forEach(checkTask)
    const fresh = new Map<string, Task>()
    for (const task of tasks) {
      const run = this.runs.get(task.runId)
      const known = fresh.has(task.id) || run?.live.has(task.id) || run?.outcomes.has(task.id)
      if (!known) fresh.set(task.id, task)
    }
    if (this.waiting.size + fresh.size > this.limit) {
      throw new BullpenError('QUEUE_FULL', { waiting: this.waiting.size, added: fresh.size, limit: this.limit })
    }
    for (const task of fresh.values()) {
      const { id, runId, priority } = task
      const text = JSON.stringify(task)
      const entry: Entry = { id, runId, priority, sequence: this.sequence++, text, attempts: 0, last: false }
      this.runOf(runId).live.set(id, entry)
      this.waiting.add(entry)
    }
  }

  /** Gives waiting tasks to free slots, the least busy consumer first. */
  private handOut(): void {
    for (;;) {
      const free = [...this.takers.keys()].filter(({ running, concurrency }) => running.size < concurrency)
      const taker = free.sort((a, b) => a.running.size - b.running.size)[0]
      const entry = taker && this.waiting.take()
      if (!entry) return
      const running = this.attempt(taker, entry).finally(() => {
        taker.running.delete(running)
        this.handOut()
      })
      taker.running.add(running)
    }
  }

  private async attempt({ handler, worker, held }: Taker, entry: Entry): Promise<void> {
    const task = taskOf(entry)
    const startedAt = Date.now()
    entry.attempts += 1
    const { ended, settled, end } = startAttempt(task, (signal) => handler(task, { attempt: entry.attempts, signal }))
    entry.end = end
    held.add(entry)
    const result = await ended
    held.delete(entry)
    entry.end = undefined
    const isForgotten = this.runs.get(entry.runId)?.live.get(entry.id) !== entry
    if (!isForgotten) {
      const isHandedBack = !result.ok && result.error.code === 'TASK_HANDED_BACK'
      if (isHandedBack) entry.attempts -= 1
      if (isHandedBack && entry.last) {
        this.finish(entry, { ok: false, error: toErrorData(cancelled(entry)) }, { worker, startedAt })
      } else if (!result.ok && !entry.last && mayRetry(task, entry.attempts, result.error)) {
        this.waiting.add(entry)
        this.handOut()
      } else {
        this.finish(entry, result, { worker, startedAt })
      }
    }
    await settled
  }

  private finish(entry: Entry, end: AttemptEnd, { worker, startedAt }: { worker: string; startedAt: number }): void {
    const task = taskOf(entry)
    const record = { attempts: entry.attempts, worker, startedAt, finishedAt: Date.now() }
    const checked = end.ok ? succeeded(task, record, end.result) : failed(task, record, end.error)
    const outcome = JSON.parse(JSON.stringify(checked)) as TaskOutcome
    const { live, outcomes, listeners } = this.runOf(entry.runId)
    live.delete(entry.id)
    outcomes.set(entry.id, outcome)
    for (const listener of listeners) tell(listeners, listener, outcome)
  }

  private runOf(runId: string): RunTasks {
    const run = this.runs.get(runId) ?? { live: new Map(), outcomes: new Map(), listeners: new Set() }
    this.runs.set(runId, run)
    return run
  }

  private release(runId: string): void {
    const run = this.runs.get(runId)
    if (run && run.live.size + run.outcomes.size + run.listeners.size === 0) this.runs.delete(runId)
  }

  private assertOpen(): void {
    if (this.closing) throw new BullpenError('QUEUE_CLOSED')
  }
}

/** Calls one listener later, unless it has unsubscribed by then; what it throws must not reach the queue. */
function tell(listeners: ReadonlySet<Listener>, listener: Listener, outcome: TaskOutcome): void {
  queueMicrotask(() => {
    if (!listeners.has(listener)) return
    try {
      listener(outcome)
    } catch (error) {
      process.emitWarning(`a listener to outcomes of run ${outcome.runId} threw: ${String(error)}`)
    }
  })
}

function taskOf({ text }: Entry): Task {
  return JSON.parse(text) as Task
}

function cancelled({ id }: Entry): BullpenError {
  return new BullpenError('TASK_CANCELLED', { task: id })
}
