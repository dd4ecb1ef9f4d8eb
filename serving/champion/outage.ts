import { toErrorData } from '#core/errors'
import type { Logger } from '#platform/logging'

/**
 * Something this process needs is away: said once, tried again after pauses that double, said once when it is back.
 */
export class Outage {
  readonly #logger: Logger
  readonly #pauses: { readonly firstPauseMs: number; readonly longestPauseMs: number }
  readonly #again: () => void
  #pauseMs: number
  #timer: NodeJS.Timeout | undefined
  #isTold = false
  #isStopped = false

  constructor(logger: Logger, pauses: { firstPauseMs: number; longestPauseMs: number }, again: () => void) {
    this.#logger = logger
    this.#pauses = pauses
    this.#again = again
    this.#pauseMs = pauses.firstPauseMs
  }

  /** `meanwhile`: what goes on, for the one line. */
  began(error: unknown, meanwhile: string): void {
    if (this.#isStopped) return
    if (!this.#isTold) this.#logger.warn(`${toErrorData(error).message}: ${meanwhile}`, { error: toErrorData(error) })
    this.#isTold = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#again, this.#pauseMs).unref()
    this.#pauseMs = Math.min(this.#pauseMs * 2, this.#pauses.longestPauseMs)
  }

  ended(now: string): void {
    if (this.#isTold) this.#logger.info(now)
    this.#isTold = false
    clearTimeout(this.#timer)
    this.#pauseMs = this.#pauses.firstPauseMs
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }
}
