import { asBullpenError, BullpenError } from '#core/errors'
import {
  costOf,
  hourlyRate,
  latenessSeconds,
  mayAsk,
  mayBegin,
  moneyInWords,
  runSecondsLeft,
  type PaidTime,
  type SearchForecast,
  type Spending,
} from '#core/cost'
import { pause } from '#platform/attempts'

export interface SpendingLimitOptions {
  readonly budget: number
  /** Longest time from the end of the run until the last rented thing is gone, s. */
  readonly teardownSeconds: number
  /** What is paid for until now. */
  readonly read: () => Promise<readonly PaidTime[]>
  /** ms since the epoch. */
  readonly now: () => number
  /** How often `read` is asked again, ms (10,000). */
  readonly everyMs?: number
}

/** What is spent and what an hour costs, in one currency. */
interface Reading {
  readonly spent: number
  readonly perHour: number
  readonly currency: string
}

/**
 * Keeps a run within its budget: the search asks before each trial, and whatever the run is at is aborted with
 * BUDGET_SPENT when no more than the teardown can be paid. Between two readings, and while the database is away, spending
 * is reckoned on at the last known rate.
 */
export class SpendingLimit {
  /** Aborts with BUDGET_SPENT, or with BUDGET_WITHOUT_PRICE when something comes whose price is not known. */
  readonly signal: AbortSignal
  readonly #options: SpendingLimitOptions
  readonly #stop = new AbortController()
  readonly #closed = new AbortController()
  #reading: Reading & { readonly at: number }
  #watch: Promise<void> | undefined

  /** Throws BUDGET_WITHOUT_PRICE, BUDGET_TOO_SMALL: nothing of the run has been done then. */
  static async open(options: SpendingLimitOptions): Promise<SpendingLimit> {
    const at = options.now()
    const limit = new SpendingLimit(options, { at, ...readingOf(await options.read()) })
    limit.requireRoom()
    limit.#watch = limit.#untilSpent().catch((error: unknown) => {
      // Something came whose price cannot be reckoned with: the budget can no longer be kept.
      limit.#stop.abort(asBullpenError(error))
    })
    return limit
  }

  private constructor(options: SpendingLimitOptions, reading: Reading & { readonly at: number }) {
    this.#options = options
    this.#reading = reading
    this.signal = this.#stop.signal
  }

  /** Money and time as they stand now. */
  spending(): Spending {
    const { budget, teardownSeconds, now } = this.#options
    const { at, spent, perHour } = this.#reading
    return { budget, teardownSeconds, perHour, spent: spent + ((now() - at) / 3_600_000) * perHour }
  }

  /** Throws BUDGET_TOO_SMALL when a run cannot begin: not even a minute of it can be paid. */
  requireRoom(): void {
    if (mayBegin(this.spending(), 0)) return
    const reason = `${this.#spentInWords()} are spent, and a minute of work and the teardown cost more than the rest`
    throw new BullpenError('BUDGET_TOO_SMALL', { budget: this.#budgetInWords(), reason })
  }

  mayAsk(forecast: SearchForecast): boolean {
    return mayAsk(this.spending(), forecast)
  }

  /** The first trial cannot be paid: nothing of the search has been done. */
  tooSmall(): BullpenError {
    const reason = `${this.#spentInWords()} are spent, and one trial, its judging and the teardown cost more than the rest`
    return new BullpenError('BUDGET_TOO_SMALL', { budget: this.#budgetInWords(), reason })
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await this.#watch
  }

  async #untilSpent(): Promise<void> {
    const { everyMs = 10_000, now, read } = this.#options
    const { signal } = this.#closed
    while (!signal.aborted) {
      const left = runSecondsLeft(this.spending()) * 1000
      if (left <= 0) {
        const details = { budget: this.#budgetInWords(), spent: this.#spentInWords() }
        this.#stop.abort(new BullpenError('BUDGET_SPENT', details))
        return
      }
      await pause(Math.min(everyMs, left), signal)
      const at = now()
      // A database that is away hides new machines at most; what is known goes on costing.
      const paid = await Promise.race([read().catch(() => undefined), pause(latenessSeconds * 500, signal)])
      if (paid) this.#reading = { at, ...readingOf(paid) }
    }
  }

  #budgetInWords(): string {
    return moneyInWords(this.#options.budget, this.#reading.currency)
  }

  #spentInWords(): string {
    return moneyInWords(this.spending().spent, this.#reading.currency)
  }
}

/** Throws BUDGET_WITHOUT_PRICE. */
function readingOf(paid: readonly PaidTime[]): Reading {
  // Anything else without a price runs on a machine that is there anyway.
  const unpriced = paid.find(({ kind, price }) => kind === 'worker' && price === null)
  const [currency, ...others] = Object.keys(costOf(paid).amounts)
  const refuse = (reason: string) => new BullpenError('BUDGET_WITHOUT_PRICE', { reason })
  if (unpriced) throw refuse(`the price of ${unpriced.name} is not known`)
  if (currency === undefined) throw refuse('nothing that the run uses has a price')
  if (others.length > 0) throw refuse(`prices are in ${[currency, ...others].join(' and ')}, which are never added`)
  return { spent: costOf(paid).amounts[currency] ?? 0, perHour: hourlyRate(paid)[currency] ?? 0, currency }
}
