import type { ConsumerSettings } from './consumer-settings.ts'

export interface IdleWatchOptions {
  readonly settings: ConsumerSettings
  readonly worker: string
  readonly isIdle: () => boolean
  readonly room: () => number
  readonly take: (ids: readonly string[]) => Promise<void>
}

/** Looks in one period of asking. */
const looks = 5

/**
 * What a consumer with free slots does when no job comes: at once it tells the others that it is hungry, and every
 * `idleAskMs` it asks the ledger for tasks that have waited that long. That finds, within a second, tasks whose job was
 * lost, tasks that came back from a lost worker, and everything while Redis is away or full: work goes on without it.
 */
export class IdleWatch {
  readonly #options: IdleWatchOptions
  readonly #timer: NodeJS.Timeout
  #idleLooks = 0
  #isAsking = false

  constructor(options: IdleWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => {
      this.#look()
    }, options.settings.idleAskMs / looks)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const { isIdle, settings, worker } = this.#options
    this.#idleLooks = isIdle() ? this.#idleLooks + 1 : 0
    if (this.#idleLooks % looks === 1) settings.onHungry(worker)
    if (this.#idleLooks > 0 && this.#idleLooks % looks === 0) void this.#ask()
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    const { settings, room, take } = this.#options
    const { ledger, route, idleAskMs } = settings
    try {
      const waiting = await ledger.waiting(route, { olderThanMs: idleAskMs, limit: Math.max(1, room()) })
      if (waiting.length > 0) await take(waiting.map(({ id }) => id))
    } catch {
      // the ledger is away: asked again in a moment
    } finally {
      this.#isAsking = false
    }
  }
}
