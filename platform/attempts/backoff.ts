/** Waits that double, between tries of what a server that is away has refused. A restart takes a second or two, an outage minutes. */
export class Backoff {
  private readonly firstMs: number
  private readonly longestMs: number
  private ms: number

  constructor({ firstMs = 200, longestMs = 5000 }: { readonly firstMs?: number; readonly longestMs?: number } = {}) {
    this.firstMs = firstMs
    this.longestMs = longestMs
    this.ms = firstMs
  }

  /** How long to wait now, ms; the wait after it is twice as long, up to the longest. */
  next(): number {
    const ms = this.ms
    this.ms = Math.min(2 * ms, this.longestMs)
    return ms
  }

  /** Waits that long, or until `signal` aborts. */
  wait(signal?: AbortSignal, options?: PauseOptions): Promise<void> {
    return pause(this.next(), signal, options)
  }

  /** It worked: the next failure waits as long as the first one. */
  reset(): void {
    this.ms = this.firstMs
  }
}

export interface PauseOptions {
  /** False for a pause that does not keep the process from ending; true unless given. */
  readonly ref?: boolean
}

/** Resolves after `ms`, or when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal, { ref = true }: PauseOptions = {}): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    if (!ref) timer.unref()
    signal?.addEventListener('abort', end)
  })
}
