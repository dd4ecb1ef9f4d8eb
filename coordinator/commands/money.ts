import { InvalidArgumentError, type Command } from 'commander'
import { asBullpenError, BullpenError } from '#core/errors'
import { hourlyRate, mayBegin, moneyInWords, type PaidTime } from '#core/cost'
import type { HourlyPrice, PlannedRental, Route } from '#core/protocol'
import type { TrialRecord } from '#core/registry'
import { currency, price } from '#platform/options'
import { paidFor, runCostOf, SpendingLimit, type PaidRun, type RunCost } from '../cost/index.ts'
import type { Session } from './session.ts'

/** Longest time that machines take until they serve, and until they are gone, s: measured for clouds, far less elsewhere. */
const [startSeconds, teardownSeconds] = [180, 180]

/** What a run may cost, as commander parses it. */
export interface MoneyOptions {
  readonly budget?: number
  readonly price?: number
  readonly currency: string
}

export function addMoneyOptions(command: Command): Command {
  return command
    .option('--budget <amount>', 'what the run may cost, teardown included: the search stops in time', amount)
    .option('--price <amount>', 'price per hour of each worker that has none (of this machine, when it trains)', price)
    .option('--currency <code>', 'the currency of --price', currency, 'USD')
}

/** The money of one run. */
export interface RunMoney {
  /** Undefined without a budget. */
  readonly limit: SpendingLimit | undefined
  /** What it cost until now; null, and one line, when that cannot be found out: a run does not fail for it. */
  cost(trials: readonly TrialRecord[], threads: number): Promise<RunCost | null>
}

/** `route`: that of the agents that serve the run; null: this machine's threads. Throws BUDGET_TOO_SMALL, BUDGET_WITHOUT_PRICE. */
export async function openMoney(
  options: MoneyOptions,
  { runId, route }: { readonly runId: string; readonly route: Route | null },
  session: Session,
): Promise<RunMoney> {
  const { workshop, now } = session
  const hostPrice = hostPriceOf(options)
  const from = now()
  const [rentals, fleet] = [await workshop.rentals(), await workshop.fleet()]
  const read = async (): Promise<readonly PaidTime[]> => {
    const run: PaidRun = { runId, route, hostPrice, from, until: now() }
    return paidFor(run, { rentals, fleet })
  }
  const { budget } = options
  return {
    limit: budget === undefined ? undefined : await SpendingLimit.open({ budget, teardownSeconds, read, now }),
    cost: async (trials, threads) => {
      try {
        return runCostOf(await read(), trials, threads)
      } catch (error) {
        session.note(`what the run cost is not known: ${asBullpenError(error).message}`)
        return null
      }
    },
  }
}

/** Refuses a budget that what is planned would spend on coming and going, before anything is rented. Throws BUDGET_TOO_SMALL, BUDGET_WITHOUT_PRICE. */
export function checkPlan(options: MoneyOptions, planned: readonly PlannedRental[]): void {
  const { budget } = options
  if (budget === undefined) return
  const fallback = hostPriceOf(options)
  const paid = planned
    .filter(({ kind, price }) => kind === 'worker' || price !== null)
    .map(({ name, kind, place, price }): PaidTime => ({
      name,
      kind,
      place,
      seconds: 0,
      price: price ?? fallback,
      isOpen: true,
    }))
  const rates = Object.entries(hourlyRate(paid))
  const unpriced = paid.find(({ price }) => price === null)
  const [[code, perHour] = ['', 0], other] = rates
  if (unpriced) throw new BullpenError('BUDGET_WITHOUT_PRICE', { reason: `the price of ${unpriced.name} is not known` })
  if (other) throw new BullpenError('BUDGET_WITHOUT_PRICE', { reason: 'prices are in several currencies' })
  if (mayBegin({ budget, spent: 0, perHour, teardownSeconds }, startSeconds)) return
  const reason = `an hour costs ${moneyInWords(perHour, code)}: coming, a minute of work and going are more than that`
  throw new BullpenError('BUDGET_TOO_SMALL', { budget: moneyInWords(budget, code), reason })
}

function hostPriceOf({ price: perHour, currency: code }: MoneyOptions): HourlyPrice | null {
  return perHour === undefined ? null : { perHour, currency: code }
}

function amount(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('give a number above 0, e.g. 5.00.')
}
