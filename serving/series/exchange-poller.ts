import { formatTimeframe, type Candle } from '#core/candles'
import { Backoff, pause } from '#platform/attempts'
import type { SeriesBook, SeriesKey } from '../ports.ts'

/** Where newly closed bars come from. */
export interface ClosedBars {
  /** Closed bars from `from` (ms, an open time) on, oldest first. */
  since(symbol: string, widthMs: number, from: number): Promise<readonly Candle[]>
}

export interface ExchangePollerOptions {
  readonly book: Pick<SeriesBook, 'candles' | 'apply'>
  readonly bars: ClosedBars
  /** ms; the system's unless given. */
  readonly clock?: () => number
  /** Waits; ends early when the signal aborts. The system's timer unless given. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
  /** After the close of a bar until it is asked for: exchanges need a moment. ms, 2,000 unless given. */
  readonly settleMs?: number
  /** After a failure, or when the bar is not there yet: doubled up to the longest. ms, 1,000 and 300,000 unless given. */
  readonly firstPauseMs?: number
  readonly longestPauseMs?: number
  /** How many bars back a series without candles begins; 1,500 unless given. */
  readonly firstBars?: number
  /** Told once when a series' bars cannot be had, and once when they can again. */
  readonly onNote?: (text: string, error?: unknown) => void
}

/** Bars before the newest that are asked for again, since exchanges mend the last ones. */
const overlapBars = 2

/**
 * Pulls the bars of a series from an exchange as they close. One loop for each series:
 *
 *     waiting for the close --closed and settled--> asking --a new bar--> waiting for the close
 *                                                   asking --none yet, or failed--> pausing --over--> asking
 */
export class ExchangePoller {
  readonly #options: Required<ExchangePollerOptions>
  readonly #stopping = new AbortController()
  readonly #loops = new Map<string, Promise<void>>()

  constructor(options: ExchangePollerOptions) {
    this.#options = {
      clock: Date.now,
      wait: (ms, signal) => pause(ms, signal, { ref: false }),
      settleMs: 2000,
      firstPauseMs: 1000,
      longestPauseMs: 300_000,
      firstBars: 1500,
      onNote: () => undefined,
      ...options,
    }
  }

  /** Begins to poll a series; does nothing when it is polled already. */
  follow(key: SeriesKey): void {
    const name = `${key.widthMs} ${key.symbol}`
    if (!this.#loops.has(name)) this.#loops.set(name, this.#loop(key))
  }

  /** Ends all loops once what they are doing is over. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#loops.values())
  }

  async #loop(key: SeriesKey): Promise<void> {
    const { clock, wait, firstPauseMs, longestPauseMs, onNote } = this.#options
    const { signal } = this.#stopping
    const name = `${key.symbol} ${formatTimeframe(key.widthMs)}`
    const backoff = new Backoff({ firstMs: firstPauseMs, longestMs: longestPauseMs })
    let isAway = false
    while (!signal.aborted) {
      const untilDue = this.#dueAt(key) - clock()
      if (untilDue > 0) {
        await wait(Math.min(untilDue, longestPauseMs), signal)
        continue
      }
      try {
        const isNew = await this.#pull(key)
        if (isAway) onNote(`bars of ${name} come from the exchange again`)
        isAway = false
        if (isNew) {
          backoff.reset()
          continue
        }
      } catch (error) {
        if (!isAway) onNote(`bars of ${name} cannot be had from the exchange; it is tried again`, error)
        isAway = true
      }
      await wait(backoff.next(), signal)
    }
  }

  /** When the bar after the newest has closed and settled; at once while there is none. */
  #dueAt(key: SeriesKey): number {
    const [newest] = this.#options.book.candles(key, 1)
    return newest ? newest.openTime + 2 * key.widthMs + this.#options.settleMs : -Infinity
  }

  /** Whether a bar came that is newer than the newest. */
  async #pull(key: SeriesKey): Promise<boolean> {
    const { book, bars, clock, firstBars } = this.#options
    const { symbol, widthMs } = key
    const [newest] = book.candles(key, 1)
    const from = newest
      ? newest.openTime - overlapBars * widthMs
      : Math.floor(clock() / widthMs) * widthMs - firstBars * widthMs
    const pulled = await bars.since(symbol, widthMs, from)
    if (pulled.length > 0) await book.apply(key, pulled)
    return pulled.some(({ openTime }) => openTime > (newest?.openTime ?? -Infinity))
  }
}
