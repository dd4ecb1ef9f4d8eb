interface Window {
  count: number
  /** ms, when it is over. */
  readonly end: number
}

export interface RateWindowsOptions {
  /** Requests of one caller in a window. */
  readonly most: number
  /** Length of a window, ms; it begins with a caller's first request. */
  readonly widthMs: number
  /** Callers remembered; the one whose window began first is forgotten for a new one. */
  readonly callers: number
}

/**
 * Counts requests by caller in windows of fixed width. It decides at once: a limiter that answers by a promise, as
 * `@fastify/rate-limit` does, costs three of them on every request, a tenth of what GET /v1/verdict costs in all.
 */
export class RateWindows {
  readonly #options: RateWindowsOptions
  readonly #windows = new Map<string, Window>()

  constructor(options: RateWindowsOptions) {
    this.#options = options
  }

  /** Counts a request at `now` (ms): 0 when it may pass, otherwise the seconds until the caller's window is over. */
  take(caller: string, now: number): number {
    const { most, widthMs, callers } = this.#options
    const known = this.#windows.get(caller)
    if (known !== undefined && now < known.end) {
      known.count += 1
      return known.count <= most ? 0 : Math.ceil((known.end - now) / 1000)
    }
    // Taken out and put in again, so that the map stays in the order in which windows began.
    this.#windows.delete(caller)
    if (this.#windows.size >= callers) this.#windows.delete(this.#windows.keys().next().value!)
    this.#windows.set(caller, { count: 1, end: now + widthMs })
    return most > 0 ? 0 : Math.ceil(widthMs / 1000)
  }
}
