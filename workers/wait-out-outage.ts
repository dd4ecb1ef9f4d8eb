import { BullpenError } from '#core/errors'

export interface OutagePatience {
  /** Ends the waiting, with its reason. */
  readonly signal: AbortSignal
  /** The first wait, doubled each time up to the longest; ms (200 and 5,000). */
  readonly firstMs?: number | undefined
  readonly longestMs?: number | undefined
  /** Called before each wait. */
  readonly onWait?: ((error: BullpenError, ms: number) => void) | undefined
}

/**
 * Does `work` again and again while the object store is unavailable: a server that is away for a while costs a task
 * time, not an attempt. The task's own limit ends it, through the signal. Throws whatever else `work` throws.
 */
export async function waitOutOutage<T>(work: () => Promise<T>, patience: OutagePatience): Promise<T> {
  const { signal, firstMs = 200, longestMs = 5000, onWait } = patience
  for (let ms = firstMs; ; ms = Math.min(2 * ms, longestMs)) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof BullpenError) || error.code !== 'OBJECT_STORE_UNAVAILABLE') throw error
      onWait?.(error, ms)
      await pause(ms, signal)
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
