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
  wait(signal?: AbortSignal): Promise<void> {
    return pause(this.next(), signal)
  }

  /** It worked: the next failure waits as long as the first one. */
  reset(): void {
    this.ms = this.firstMs
  }
}

/** Resolves after `ms`, or when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
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
    signal?.addEventListener('abort', end)
  })
}
