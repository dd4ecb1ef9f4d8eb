/** When a model that has just begun to answer is taken back. */
export interface WatchLimits {
  /** For how long after a swap answers are watched, ms. */
  readonly windowMs: number
  /** Answers that may fail or not be finite in that time; one more condemns the model. */
  readonly tolerated: number
}

/**
 * None is tolerated: an answer is arithmetic on finite numbers that has just gone well on the newest candles, and going
 * back too soon costs no more than a refusal would have. Who asked is answered by the model before.
 */
export const defaultWatchLimits: WatchLimits = { windowMs: 15 * 60_000, tolerated: 0 }

/** Counts the bad answers of the model that was swapped in last. */
export class Watchdog {
  readonly #limits: WatchLimits
  #version: number | undefined
  #until = -Infinity
  #bad = 0

  constructor(limits: WatchLimits) {
    this.#limits = limits
  }

  /** A version begins to answer in place of another. `now` in ms. */
  watch(version: number, now: number): void {
    this.#version = version
    this.#until = now + this.#limits.windowMs
    this.#bad = 0
  }

  /** There is nothing to go back to. */
  rest(): void {
    this.#version = undefined
  }

  /** Why the version is to be taken back, once an answer is one too many; null while all is well. */
  condemns(version: number, outcome: 'failed' | 'not-finite', now: number): string | null {
    if (version !== this.#version || now > this.#until) return null
    this.#bad += 1
    if (this.#bad <= this.#limits.tolerated) return null
    this.#version = undefined
    const how = outcome === 'failed' ? 'failed' : 'was not finite'
    return `bad answer ${this.#bad} of version ${version} soon after it began to answer: it ${how}`
  }
}
