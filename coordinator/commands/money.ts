import { InvalidArgumentError, type Command } from 'commander'
import { BullpenError } from '#core/errors'
import { hourlyRate, mayBegin, moneyInWords, type PaidTime } from '#core/cost'
import type { PlannedRental, Target } from '#core/protocol'
import { Purse, SpendingDeadline } from '../cost/index.ts'
import { addPriceOptions, givenPrice, type PriceOptions } from './cluster-options.ts'
import type { RentedQueue } from './rented-queue.ts'
import type { Session } from './session.ts'

/** What a command may spend, as commander parses it. */
export interface MoneyOptions extends PriceOptions {
  readonly budget?: number
}

export function addMoneyOptions(command: Command): Command {
  return addPriceOptions(
    command.option(
      '--budget <amount>',
      'what all runs of the command may cost, teardown included: the search stops in time',
      amount,
    ),
    'price per hour of each worker that has none (of this machine, when it trains)',
  )
}

/** The money of a command. */
export async function openPurse(
  options: MoneyOptions & { readonly rented?: RentedQueue },
  session: Session,
): Promise<Purse> {
  const { workshop, now } = session
  return new Purse({
    budget: options.budget,
    workerPrice: givenPrice(options),
    // Without a rented cluster nothing is given back.
    teardownSeconds: options.rented?.teardownSeconds ?? 0,
    sources: { rentals: await workshop.rentals(), fleet: await workshop.fleet() },
    now,
    note: session.note.bind(session),
  })
}

/**
 * Refuses a budget that what is planned would spend on coming and going, before anything is rented. Answers what watches
 * it from now on until a run does. Throws BUDGET_TOO_SMALL, BUDGET_WITHOUT_PRICE.
 */
export function checkPlan(
  budget: number,
  planned: readonly PlannedRental[],
  { startSeconds, teardownSeconds }: Pick<Target, 'startSeconds' | 'teardownSeconds'>,
): SpendingDeadline {
  const unpriced = planned.find(({ kind, price }) => kind === 'worker' && price === null)
  if (unpriced) throw new BullpenError('BUDGET_WITHOUT_PRICE', { reason: `the price of ${unpriced.name} is not known` })
  const paid = planned.map((each): PaidTime => ({ ...each, seconds: 0, isOpen: true }))
  const [[code, perHour] = ['', 0], other] = Object.entries(hourlyRate(paid))
  if (other) throw new BullpenError('BUDGET_WITHOUT_PRICE', { reason: 'prices are in several currencies' })
  const spending = { budget, perHour, teardownSeconds }
  if (mayBegin({ ...spending, spent: 0 }, startSeconds)) return new SpendingDeadline(spending, code)
  const reason = `an hour costs ${moneyInWords(perHour, code)}: coming, a minute of work and going are more than that`
  throw new BullpenError('BUDGET_TOO_SMALL', { budget: moneyInWords(budget, code), reason })
}

function amount(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('give a number above 0, e.g. 5.00.')
}
