import { asBullpenError } from '#core/errors'
import type { HourlyPrice } from '#core/protocol'
import type { TrialRecord } from '#core/registry'
import { paidFor, runCostOf, type CostSources, type RunCost, type ServedRun } from './run-cost.ts'
import { SpendingLimit } from './spending-limit.ts'

export interface PurseOptions {
  /** What may be spent, teardown included; undefined: as much as it takes. */
  readonly budget: number | undefined
  /** Price of workers that have none, and of this machine when it is the worker. */
  readonly workerPrice: HourlyPrice | null
  /** Longest time from the end of the runs until the last rented thing is gone, s; 0 where nothing is given back. */
  readonly teardownSeconds: number
  readonly sources: CostSources
  /** ms since the epoch. */
  readonly now: () => number
  readonly note: (text: string) => void
}

/** The money of one run. */
export interface RunMoney {
  /** Undefined without a budget. */
  readonly limit: SpendingLimit | undefined
  /** How long the run has been at it, s. */
  readonly elapsedSeconds: () => number
  /** What it cost until now; null, and one line, when that cannot be found out: a run does not fail for it. */
  readonly cost: (trials: readonly TrialRecord[], threads: number) => Promise<RunCost | null>
}

/**
 * What one command may spend: on one run, or on several that share it. A machine that serves several runs is paid for
 * once, and what the earlier ones have spent is gone for the later ones.
 */
export class Purse {
  readonly #options: PurseOptions
  readonly #runs: ServedRun[] = []
  #openedAt: number | undefined
  #limit: Promise<SpendingLimit> | undefined

  constructor(options: PurseOptions) {
    this.#options = options
  }

  /** A run begins to spend. Throws BUDGET_TOO_SMALL, BUDGET_WITHOUT_PRICE: nothing of it has been done then. */
  async join(run: ServedRun): Promise<RunMoney> {
    const { budget, now } = this.#options
    const from = now()
    this.#openedAt ??= from
    this.#runs.push(run)
    let limit: SpendingLimit | undefined
    if (budget !== undefined) {
      limit = await (this.#limit ??= this.#openLimit(budget))
      limit.requireRoom()
    }
    return {
      limit,
      elapsedSeconds: () => (now() - from) / 1000,
      cost: (trials, threads) => this.#costOf(run, from, trials, threads),
    }
  }

  /** Watches no longer. Never rejects. */
  async close(): Promise<void> {
    const limit = await this.#limit?.catch(() => undefined)
    await limit?.close()
  }

  #openLimit(budget: number): Promise<SpendingLimit> {
    const { teardownSeconds, now, workerPrice, sources } = this.#options
    const read = () =>
      paidFor({ runs: this.#runs, span: { from: this.#openedAt!, until: now() }, workerPrice }, sources)
    return SpendingLimit.open({ budget, teardownSeconds, read, now })
  }

  async #costOf(run: ServedRun, from: number, trials: readonly TrialRecord[], threads: number) {
    const { now, workerPrice, sources, note } = this.#options
    try {
      const paid = await paidFor({ runs: [run], span: { from, until: now() }, workerPrice }, sources)
      return runCostOf(paid, trials, { threads, workerPrice })
    } catch (error) {
      note(`what the run cost is not known: ${asBullpenError(error).message}`)
      return null
    }
  }
}
