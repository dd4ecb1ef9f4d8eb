import { makeTask, type Task, type TaskOutcome, type TaskQueue } from '#core/protocol'
import type { MapSettings } from './map-options.ts'

/**
 * A stretch of a map's items as one run on the queue, forgotten as a whole when it is over: neither the reader's memory
 * nor the tables grow with the number of items.
 *
 *     open --add--> open --seal--> sealed --last outcome--> over (onOver is called once)
 */
export class TaskWindow {
  readonly runId: string
  private readonly queue: TaskQueue
  private readonly settings: MapSettings
  private readonly onOver: (window: TaskWindow) => void
  private readonly unsubscribe: () => void
  private isSealed = false
  private left = 0
  private added = 0

  constructor(
    queue: TaskQueue,
    runId: string,
    settings: MapSettings,
    events: {
      readonly onOutcome: (index: number, outcome: TaskOutcome) => void
      readonly onOver: (window: TaskWindow) => void
    },
  ) {
    this.queue = queue
    this.runId = runId
    this.settings = settings
    this.onOver = events.onOver
    this.unsubscribe = queue.onOutcome(runId, (outcome) => {
      this.left -= 1
      events.onOutcome(indexOf(outcome.key), outcome)
      this.look()
    })
  }

  /** Tasks added so far. */
  get size(): number {
    return this.added
  }

  /** The task of one item, which counts as this window's from now on. Throws TASK_INVALID. */
  task(index: number, input: unknown): Task {
    const { module, shared, retries, timeout } = this.settings
    const payload = { module, input, shared: [...shared] }
    const key = `i${index}`
    const task = makeTask({ runId: this.runId, key, name: 'own', payload, attempts: retries + 1, timeoutMs: timeout })
    this.added += 1
    this.left += 1
    return task
  }

  /** No more tasks will be added. */
  seal(): void {
    if (this.isSealed) return
    this.isSealed = true
    this.look()
  }

  /** Drops every trace of the window, ending what still runs of it. */
  async forget(): Promise<void> {
    this.unsubscribe()
    await this.queue.forget(this.runId)
  }

  private look(): void {
    if (this.isSealed && this.left === 0) this.onOver(this)
  }
}

function indexOf(key: string): number {
  return Number(key.slice(1))
}
