import type { ChangeFeed } from '#core/registry'
import type { SeriesKey } from '../ports.ts'

export interface StoreFollowerOptions {
  readonly book: { keys(): readonly SeriesKey[]; sync(key: SeriesKey): Promise<boolean> }
  /** Tells of candles that others stored; without it the store is only looked at from time to time. */
  readonly feed?: ChangeFeed
  /** How often the store is looked at anyway, since a notice can be missed, ms; 15,000 unless given. */
  readonly pollMs?: number
  /** Told how candles are found, and once when the store cannot be read and when it can again. */
  readonly onNote?: (text: string, error?: unknown) => void
}

/** Brings candles that others have stored into the book: when the feed tells of them, and by looking from time to time. */
export class StoreFollower {
  readonly #options: StoreFollowerOptions
  #unwatch: (() => Promise<void>) | undefined
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #isAskedAgain = false
  #isAway = false
  #isStopped = false

  constructor(options: StoreFollowerOptions) {
    this.#options = options
  }

  /** Begins; resolves when it listens, or has found that it can only look. */
  async start(): Promise<void> {
    const { feed, pollMs = 15_000, onNote } = this.#options
    this.#timer = setInterval(() => void this.look(), pollMs).unref()
    const polling = `the store is looked at for new candles every ${pollMs / 1000} s`
    if (!feed) return onNote?.(polling)
    try {
      this.#unwatch = await feed.watch('candles', () => void this.look())
    } catch (error) {
      onNote?.(`new candles are not told; ${polling}`, error)
    }
  }

  /** Looks once more after whatever is under way: what was stored before the call is in the book when this resolves. */
  look(): Promise<void> {
    if (this.#isStopped) return Promise.resolve()
    this.#isAskedAgain = true
    // Begun in a later turn: a notice that the first look brings about must find it under way.
    this.#looking ??= Promise.resolve()
      .then(() => this.#lookWhileAsked())
      .finally(() => {
        this.#looking = undefined
      })
    return this.#looking
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    await this.#unwatch?.()
    await this.#looking
  }

  async #lookWhileAsked(): Promise<void> {
    const { book, onNote } = this.#options
    while (this.#isAskedAgain && !this.#isStopped) {
      this.#isAskedAgain = false
      try {
        for (const key of book.keys()) await book.sync(key)
        if (this.#isAway) onNote?.('the candle store can be read again')
        this.#isAway = false
      } catch (error) {
        if (!this.#isAway) onNote?.('the candle store cannot be read; it is tried again', error)
        this.#isAway = true
      }
    }
  }
}
