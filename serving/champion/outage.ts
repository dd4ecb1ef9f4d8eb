import { toErrorData } from '#core/errors'
import { Backoff } from '#platform/attempts'
import type { Logger } from '#platform/logging'

/**
 * Something this process needs is away: said once, tried again after pauses that double, said once when it is back.
 */
export class Outage {
  readonly #logger: Logger
  readonly #backoff: Backoff
  readonly #again: () => void
  #timer: NodeJS.Timeout | undefined
  #isTold = false
  #isStopped = false

  constructor(
    logger: Logger,
    { firstPauseMs, longestPauseMs }: { readonly firstPauseMs: number; readonly longestPauseMs: number },
    again: () => void,
  ) {
    this.#logger = logger
    this.#backoff = new Backoff({ firstMs: firstPauseMs, longestMs: longestPauseMs })
    this.#again = again
  }

  /** `meanwhile`: what goes on, for the one line. */
  began(error: unknown, meanwhile: string): void {
    if (this.#isStopped) return
    if (!this.#isTold) this.#logger.warn(`${toErrorData(error).message}: ${meanwhile}`, { error: toErrorData(error) })
    this.#isTold = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#again, this.#backoff.next()).unref()
  }

  ended(now: string): void {
    if (this.#isTold) this.#logger.info(now)
    this.#isTold = false
    clearTimeout(this.#timer)
    this.#backoff.reset()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }
}
