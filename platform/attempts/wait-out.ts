import { BullpenError, type ErrorCode } from '#core/errors'
import { Backoff, pause } from './backoff.ts'

export interface WaitOutOptions {
  /** Codes that say: away just now. Everything else is an answer. */
  readonly away: readonly ErrorCode[]
  /** Ends the waiting: what was met last is thrown then. */
  readonly signal: AbortSignal
  /** The first wait, doubled each time up to the longest; ms (200 and 5,000). */
  readonly firstMs?: number | undefined
  readonly longestMs?: number | undefined
  /** Called before each wait. */
  readonly onWait?: ((error: BullpenError, ms: number) => void) | undefined
}

/**
 * Does `work` again and again while what it needs is away. Only for work that may be done again after an error that
 * hides whether it took effect. Throws whatever else `work` throws.
 */
export async function waitOut<T>(work: () => Promise<T>, options: WaitOutOptions): Promise<T> {
  const { away, signal, firstMs, longestMs, onWait } = options
  const backoff = new Backoff({ ...(firstMs && { firstMs }), ...(longestMs && { longestMs }) })
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof BullpenError) || !away.includes(error.code) || signal.aborted) throw error
      const ms = backoff.next()
      onWait?.(error, ms)
      await pause(ms, signal)
      if (signal.aborted) throw error
    }
  }
}
