import { randomUUID } from 'node:crypto'
import { asBullpenError, BullpenError, fromErrorData } from '#core/errors'
import { jsonProblem, type Task, type TaskOutcome, type TaskQueue } from '#core/protocol'
import { waitOut } from '#platform/attempts'
import { Bell } from './bell.ts'
import type { MapResult, MapSettings } from './map-options.ts'
import { TaskWindow } from './task-window.ts'

/** Items of one window. A window costs a subscription and one deletion; 2,000 of them make a million items 500 of both. */
const windowItems = 2000

/** How long a few items wait for company, ms. */
const patienceMs = 50

/** A source of items, endless or not. */
export type Items<I> = Iterable<I> | AsyncIterable<I>

/**
 * One map at work. An item is taken from the source only while fewer than `concurrency` are under way, and is under way
 * until its result has been read: a slow reader slows the source, and memory is bounded by `concurrency` items.
 *
 *     working --source over, all read--> over
 *        +--source, queue or signal fails--> failed (next rejects) --+--> stop: what waits or runs is dropped
 *        +--reader leaves------------------------------------------- +
 */
export class MapRun<O> {
  private readonly queue: TaskQueue
  private readonly settings: MapSettings
  private readonly source: Iterator<unknown> | AsyncIterator<unknown>
  private readonly id = `map-${randomUUID()}`
  private readonly windows = new Set<TaskWindow>()
  private readonly background = new Set<Promise<unknown>>()
  private readonly ready = new Map<number, MapResult<O>>()
  private readonly ending = new AbortController()
  private readonly arrived = new Bell()
  private readonly freed = new Bell()
  private window: TaskWindow | undefined
  private windowsOpened = 0
  private batch: Task[] = []
  private patience: NodeJS.Timeout | undefined
  /** Tasks made whose outcome has not come. */
  private outstanding = 0
  private taken = 0
  private read = 0
  private isPulling = false
  private isSourceOver = false
  private isStopped = false
  private stopping: Promise<void> | undefined
  private failure: { readonly error: unknown } | undefined

  constructor(queue: TaskQueue, items: Items<unknown>, settings: MapSettings) {
    this.queue = queue
    this.settings = settings
    this.source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
    settings.signal?.addEventListener('abort', this.onAbort)
    if (settings.signal?.aborted) this.onAbort()
    void this.feed()
  }

  /** The next result, undefined after the last. Throws what the source threw, the signal's reason, or the queue's errors. */
  async next(): Promise<MapResult<O> | undefined> {
    for (;;) {
      if (this.failure) throw this.failure.error
      const result = this.take()
      if (result) return result
      if (this.isSourceOver && this.read === this.taken) return undefined
      await this.arrived.wait()
    }
  }

  /** Ends the source, drops what is still on the queue, and resolves when no trace is left. Idempotent. */
  stop(): Promise<void> {
    this.stopping ??= this.end()
    return this.stopping
  }

  private async end(): Promise<void> {
    this.isStopped = true
    this.ending.abort()
    this.settings.signal?.removeEventListener('abort', this.onAbort)
    this.batch = []
    clearTimeout(this.patience)
    this.freed.ring()
    // A source that is asked for its next item would not hear of the end before it has answered.
    const ended = Promise.resolve(this.isSourceOver ? undefined : this.source.return?.())
    if (this.isPulling) ended.catch(() => undefined)
    else await ended
    while (this.background.size > 0) await Promise.all(this.background)
    await Promise.all([...this.windows].map((window) => this.drop(window)))
  }

  private take(): MapResult<O> | undefined {
    const index = this.settings.ordered ? this.read : this.ready.keys().next().value
    const result = index === undefined ? undefined : this.ready.get(index)
    if (!result) return undefined
    this.ready.delete(result.index)
    this.read += 1
    this.freed.ring()
    return result
  }

  private async feed(): Promise<void> {
    try {
      while (!this.isStopped && !this.failure) {
        if (this.taken - this.read >= this.settings.concurrency) {
          await this.freed.wait()
          continue
        }
        this.isPulling = true
        const { done, value } = (await this.source.next()) as IteratorResult<unknown, unknown>
        this.isPulling = false
        if (done) {
          this.isSourceOver = true
          break
        }
        if (!this.isStopped) this.add(this.taken++, value)
      }
    } catch (error) {
      this.isPulling = false
      this.isSourceOver = true
      this.fail(error)
    }
    this.window?.seal()
    this.arrived.ring()
  }

  private add(index: number, item: unknown): void {
    const problem = jsonProblem(item)
    if (problem !== undefined) {
      this.refuse(index, problem)
      return
    }
    try {
      this.batch.push(this.openWindow().task(index, item))
    } catch (error) {
      this.refuse(index, asBullpenError(error).message)
      return
    }
    this.outstanding += 1
    this.sendSoon()
  }

  /**
   * Everything taken in one turn of the event loop goes to the queue at once. A few items wait a moment for more while
   * the queue holds plenty: a call of `enqueue` costs the database the same for one task as for fifty (measured with 256
   * under way: 13 tasks a call at once, 35 and more by waiting).
   */
  private sendSoon(): void {
    const { concurrency } = this.settings
    const few = concurrency < 32 ? 1 : Math.min(concurrency / 8, 256)
    const isPlenty = this.outstanding - this.batch.length >= concurrency / 2
    if (this.batch.length >= few || !isPlenty) {
      if (this.batch.length === 1 || this.patience) setImmediate(this.enqueueBatch)
      clearTimeout(this.patience)
      this.patience = undefined
    } else {
      this.patience ??= setTimeout(this.enqueueBatch, patienceMs)
    }
  }

  private refuse(index: number, reason: string): void {
    const error = new BullpenError('ITEM_INVALID', { index, module: this.settings.module, reason })
    this.arrive({ ok: false, index, error, attempts: 0, worker: '' })
  }

  private readonly enqueueBatch = (): void => {
    clearTimeout(this.patience)
    this.patience = undefined
    const tasks = this.batch
    this.batch = []
    if (tasks.length === 0) return
    const enqueued = this.enqueue(tasks)
      .catch((error: unknown) => {
        this.fail(error)
      })
      .finally(() => this.background.delete(enqueued))
    this.background.add(enqueued)
  }

  /** Asking again is safe: a task known already is left as it is. */
  private enqueue(tasks: readonly Task[]): Promise<void> {
    const { signal } = this.ending
    return waitOut(() => this.queue.enqueue(tasks), { away: ['DATABASE_UNAVAILABLE', 'QUEUE_UNAVAILABLE'], signal })
  }

  private openWindow(): TaskWindow {
    if (this.window && this.window.size < windowItems) return this.window
    this.window?.seal()
    this.window = new TaskWindow(this.queue, `${this.id}.${this.windowsOpened++}`, this.settings, {
      onOutcome: (index, outcome) => {
        this.outstanding -= 1
        this.arrive(resultOf(index, outcome))
      },
      onOver: (window) => {
        const dropped = this.drop(window).finally(() => this.background.delete(dropped))
        this.background.add(dropped)
      },
    })
    this.windows.add(this.window)
    return this.window
  }

  private async drop(window: TaskWindow): Promise<void> {
    this.windows.delete(window)
    try {
      await window.forget()
    } catch (error) {
      process.emitWarning(`tasks of ${window.runId} could not be dropped: ${asBullpenError(error).message}`)
    }
  }

  private arrive(result: MapResult<unknown>): void {
    this.ready.set(result.index, result as MapResult<O>)
    this.arrived.ring()
  }

  private readonly onAbort = (): void => {
    this.fail(this.settings.signal?.reason)
  }

  private fail(error: unknown): void {
    this.failure ??= { error }
    this.ending.abort()
    this.arrived.ring()
    this.freed.ring()
  }
}

function resultOf(index: number, outcome: TaskOutcome): MapResult<unknown> {
  const { attempts, worker } = outcome
  if (!outcome.ok) return { ok: false, index, error: fromErrorData(outcome.error), attempts, worker }
  return { ok: true, index, output: (outcome.result as { output: unknown }).output, attempts, worker }
}
