import { asBullpenError } from '#core/errors'
import { Backoff, pause } from '#platform/attempts'
import type { GivenVerdict, PredictionLog } from '../ports.ts'

export interface LogBufferOptions {
  readonly log: Pick<PredictionLog, 'append'>
  /** Verdicts that may wait, 1,000 unless given; beyond it the oldest is lost. */
  readonly limit?: number
  /** Times in ms: the first pause after a failure, doubled up to the longest. 1,000 and 60,000 unless given. */
  readonly firstPauseMs?: number
  readonly longestPauseMs?: number
  /** Told once when the log cannot be reached, once when it can again, and of each verdict the log refused. */
  readonly onNote?: (text: string, error?: unknown) => void
  /** Waits; ends early when the signal aborts. The system's timer unless given. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * Verdicts on their way to the log, in order, one at a time. Answers never wait for it: while the log cannot be reached
 * they are kept and tried again, so what is lost is only what exceeds the limit, or is left when the process must end.
 *
 *     idle --add--> writing --kept, more wait--> writing --failed for now--> pausing --over--> writing
 *                   writing --kept, none wait--> idle
 *                   writing --refused for good--> writing the next
 */
export class LogBuffer {
  readonly #options: Required<LogBufferOptions>
  readonly #waiting: GivenVerdict[] = []
  readonly #closing = new AbortController()
  #writing: Promise<void> | undefined
  #isAway = false
  #lost = 0

  constructor(options: LogBufferOptions) {
    this.#options = {
      limit: 1000,
      firstPauseMs: 1000,
      longestPauseMs: 60_000,
      onNote: () => undefined,
      wait: (ms, signal) => pause(ms, signal, { ref: false }),
      ...options,
    }
  }

  /** How many wait, the one being written included. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** How many were lost because too many waited, or because the log refused them. */
  get lost(): number {
    return this.#lost
  }

  add(verdict: GivenVerdict): void {
    this.#waiting.push(verdict)
    if (this.#waiting.length > this.#options.limit) this.#lose()
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
  }

  /** Tries once more to write all that waits; what the log does not take then is lost, and said. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#writing
    if (this.#waiting.length > 0) {
      this.#options.onNote(`${this.#waiting.length} verdicts could not be logged before the end and are lost`)
    }
  }

  async #write(): Promise<void> {
    const { log, onNote, wait, firstPauseMs, longestPauseMs } = this.#options
    const backoff = new Backoff({ firstMs: firstPauseMs, longestMs: longestPauseMs })
    for (;;) {
      const [verdict] = this.#waiting
      if (!verdict) return
      try {
        await log.append(verdict)
        this.#waiting.shift()
        this.#reached()
        backoff.reset()
      } catch (error) {
        if (!asBullpenError(error).retryable) {
          this.#waiting.shift()
          this.#lost += 1
          onNote('a verdict was refused by the log and is not in it', error)
          continue
        }
        const isLastTry = this.#closing.signal.aborted
        this.#missed(error)
        if (isLastTry) return
        await wait(backoff.next(), this.#closing.signal)
      }
    }
  }

  #reached(): void {
    if (this.#isAway) this.#options.onNote(`the log of verdicts is back; ${this.#lost} verdicts were lost so far`)
    this.#isAway = false
  }

  #missed(error: unknown): void {
    if (!this.#isAway)
      this.#options.onNote('the log of verdicts cannot be reached; answers go on, verdicts wait', error)
    this.#isAway = true
  }

  /** Loses the oldest that is not being written. */
  #lose(): void {
    this.#waiting.splice(1, 1)
    this.#lost += 1
  }
}
