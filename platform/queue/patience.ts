/** How long to wait before trying again what a server that is away has refused: 0.1 s, doubling up to 5 s. */
export class Patience {
  readonly #signal: AbortSignal
  #ms = 100

  /** Waits end early when `signal` aborts. */
  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  async wait(): Promise<void> {
    await sleep(this.#ms, this.#signal)
    this.#ms = Math.min(this.#ms * 2, 5000)
  }

  /** It worked: the next failure waits 0.1 s again. */
  reset(): void {
    this.#ms = 100
  }
}

/** Resolves after `ms`, or when `signal` aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
