import { BullpenError, type ErrorCode } from '#core/errors'
import { Backoff, pause as realPause } from '#platform/attempts'
import { duration } from '../durations.ts'

export interface PatienceOptions {
  /** How long something may be away before the call fails after all, ms; 0: not at all. */
  readonly limitMs: number
  /** Told once when something is away, once when it is back. */
  readonly note: (text: string) => void
  /** Ends waiting: the call then fails with what it met. */
  readonly signal?: AbortSignal
  readonly onAway?: (what: string) => void
  readonly onBack?: (what: string) => void
  /** Milliseconds of any origin. */
  readonly clock?: () => number
  readonly pause?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** Errors that say: away just now. Everything else is an answer. */
const away: ReadonlySet<ErrorCode> = new Set([
  'DATABASE_UNAVAILABLE',
  'OBJECT_STORE_UNAVAILABLE',
  'QUEUE_UNAVAILABLE',
  'QUEUE_FULL',
])

/**
 * Waits for servers that are away. Only for calls that may be made again after an error that hides whether they took
 * effect; whoever wraps one says why it may.
 */
export class Patience {
  private readonly options: PatienceOptions
  private readonly clock: () => number
  /** Since when each thing has been away, for all calls together. */
  private readonly since = new Map<string, number>()

  constructor(options: PatienceOptions) {
    this.options = options
    this.clock = options.clock ?? (() => performance.now())
  }

  /** `what` is for people, e.g. `the database`. `work` is told which try it is, from 1. */
  async call<T>(what: string, work: (attempt: number) => Promise<T>): Promise<T> {
    const { limitMs, signal, pause = realPause } = this.options
    const startedAt = this.clock()
    const backoff = new Backoff()
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await work(attempt)
        this.sawBack(what)
        return result
      } catch (error) {
        const isAway = error instanceof BullpenError && away.has(error.code)
        // An answer, even a bad one, comes from something that is there.
        if (!isAway) this.sawBack(what)
        if (!isAway || signal?.aborted || this.clock() - startedAt >= limitMs) throw error
        this.sawAway(what, error)
        await pause(backoff.next(), signal)
      }
    }
  }

  /** For those who meet it in a rhythm of their own: it is away. */
  sawAway(what: string, error: BullpenError): void {
    if (this.since.has(what) || this.options.limitMs === 0) return
    this.since.set(what, this.clock())
    this.options.onAway?.(what)
    this.options.note(`${what} is away, waiting up to ${duration(this.options.limitMs)}: ${error.message}`)
  }

  /** It answers. */
  sawBack(what: string): void {
    const since = this.since.get(what)
    if (since === undefined) return
    this.since.delete(what)
    this.options.onBack?.(what)
    this.options.note(`${what} is back after ${duration(this.clock() - since)}`)
  }
}
