import { BullpenError } from '#core/errors'
import { moneyInWords, runSecondsLeft, type Spending } from '#core/cost'
import { pause } from '#platform/attempts'

/** Longest timer of Node, ms: three weeks, after which a deadline is no longer watched. */
const longestMs = 2_147_483_647

/**
 * What watches a budget before there is a run to do it (see `SpendingLimit`): machines cost while they come and while
 * candles are loaded. Reckons with everything from the beginning, and aborts with BUDGET_SPENT when no more than the
 * teardown can be paid, unless it is lifted before.
 */
export class SpendingDeadline {
  /** Aborts with BUDGET_SPENT. */
  readonly signal: AbortSignal
  readonly #lifted = new AbortController()

  constructor(planned: Omit<Spending, 'spent'>, currency: string) {
    const stop = new AbortController()
    this.signal = stop.signal
    const ms = runSecondsLeft({ ...planned, spent: 0 }) * 1000
    if (ms > longestMs) return
    void pause(ms, this.#lifted.signal).then(() => {
      if (this.#lifted.signal.aborted) return
      const [budget, spent] = [planned.budget, (planned.perHour * ms) / 3_600_000]
      const details = { budget: moneyInWords(budget, currency), spent: moneyInWords(spent, currency) }
      stop.abort(new BullpenError('BUDGET_SPENT', details))
    })
  }

  /** Another watches from now on, or nothing is rented any more. Idempotent. */
  lift(): void {
    this.#lifted.abort()
  }
}
