/** Most tasks leased ahead, and most results on their way, of one consumer. */
const most = 500

/** How fast a consumer's tasks go by, and how far ahead of its slots it therefore works. */
export class Pace {
  readonly #concurrency: number
  readonly #prefetchMs: number
  #meanMs: number | undefined
  #noneAheadUntil = 0

  /** `prefetchMs`: how much work is leased ahead, ms per slot. */
  constructor(concurrency: number, prefetchMs: number) {
    this.#concurrency = concurrency
    this.#prefetchMs = prefetchMs
  }

  saw(ms: number): void {
    this.#meanMs = this.#meanMs === undefined ? ms : this.#meanMs + 0.1 * (ms - this.#meanMs)
  }

  /** Whether what is leased ahead starts so soon that giving it to somebody else gains nothing. */
  get isFast(): boolean {
    return this.#meanMs !== undefined && this.#meanMs < this.#prefetchMs
  }

  /**
   * How many tasks are leased before there is a slot for them: so much work for all slots, at least one task, so that
   * no slot waits for Redis and PostgreSQL (about 5 ms). One while nothing is known of durations.
   */
  get ahead(): number {
    if (performance.now() < this.#noneAheadUntil) return 0
    return this.#meanMs === undefined ? 1 : this.#tasksAhead(this.#meanMs)
  }

  /** Leases nothing ahead for `ms`. */
  holdBack(ms: number): void {
    this.#noneAheadUntil = performance.now() + ms
  }

  /**
   * How many results may be on their way to the ledger while further tasks start: two for each slot, or as many as are
   * leased ahead when tasks are small. It is what a killed process has computed in vain besides what was running.
   */
  get mostUnreported(): number {
    return Math.max(2 * this.#concurrency, this.#meanMs === undefined ? 0 : this.#tasksAhead(this.#meanMs))
  }

  #tasksAhead(meanMs: number): number {
    const tasks = Math.ceil((this.#concurrency * this.#prefetchMs) / Math.max(meanMs, 0.001))
    return Math.min(most, Math.max(1, tasks))
  }
}
