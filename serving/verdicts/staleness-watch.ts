import type { EventHub, SeriesBook, SeriesKey } from '../ports.ts'

/** How a series stands: how long ago its newest candle closed, and whether that is too long. */
export interface Freshness {
  /** Time since the newest candle closed. */
  readonly dataAgeMs: number
  /** No candle has closed for more than 2 widths. */
  readonly stale: boolean
}

/** Widths without a closed candle after which data is stale. */
export const staleAfterWidths = 2

/** `newestOpenTime`, `widthMs` and `now` in ms. */
export function freshnessOf(newestOpenTime: number, widthMs: number, now: number): Freshness {
  const dataAgeMs = now - newestOpenTime - widthMs
  return { dataAgeMs, stale: dataAgeMs > staleAfterWidths * widthMs }
}

export interface StalenessWatchOptions {
  readonly book: Pick<SeriesBook, 'keys' | 'candles'>
  readonly events: Pick<EventHub, 'emit'>
  /** ms; the system's unless given. */
  readonly clock?: () => number
}

/** Tells once when a series has become stale, and once when it is fresh again. */
export class StalenessWatch {
  readonly #book: StalenessWatchOptions['book']
  readonly #events: StalenessWatchOptions['events']
  readonly #clock: () => number
  readonly #stale = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor({ book, events, clock = Date.now }: StalenessWatchOptions) {
    this.#book = book
    this.#events = events
    this.#clock = clock
  }

  /** Looks now and at intervals, a second unless given, until {@link stop}. Keeps no process alive. */
  start(everyMs = 1000): void {
    this.look()
    this.#timer ??= setInterval(() => {
      this.look()
    }, everyMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Compares each series with the clock and tells what has changed. A series without candles is neither. */
  look(): void {
    const now = this.#clock()
    for (const key of this.#book.keys()) {
      const [newest] = this.#book.candles(key, 1)
      if (newest) this.#compare(key, freshnessOf(newest.openTime, key.widthMs, now))
    }
  }

  #compare(key: SeriesKey, { dataAgeMs, stale }: Freshness): void {
    const name = `${key.widthMs} ${key.symbol}`
    if (stale === this.#stale.has(name)) return
    if (stale) this.#stale.add(name)
    else this.#stale.delete(name)
    this.#events.emit({ kind: 'stale', series: key, stale, dataAgeMs })
  }
}
