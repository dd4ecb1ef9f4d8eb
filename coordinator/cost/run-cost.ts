import {
  costInWords,
  costOf,
  paidAgents,
  paidRentals,
  secondsOf,
  trialCosts,
  united,
  type Cost,
  type PaidTime,
  type TrialCost,
} from '#core/cost'
import type { Fleet, HourlyPrice, RentalLedger, Route } from '#core/protocol'
import type { Run, TimeSpan, TrialRecord } from '#core/registry'

/** What one machine cost, or one thing on it. */
export interface HostCost extends Omit<PaidTime, 'isOpen'> {
  /** In the currency of the price; null when there is none. */
  readonly amount: number | null
}

/** What a run cost, until it was asked. */
export interface RunCost extends Cost {
  readonly words: string
  readonly hosts: readonly HostCost[]
  /** Threads that served the run. */
  readonly threads: number
  /** What was said of workers without a price of their own. */
  readonly workerPrice: HourlyPrice | null
  /** Of each trial; empty when no price is known. */
  readonly trials: readonly TrialCost[]
}

/** Where the cost of a run is read from. */
export interface CostSources {
  readonly rentals: Pick<RentalLedger, 'list'>
  readonly fleet: Pick<Fleet, 'list'>
}

/** A run and who serves it. */
export interface ServedRun {
  readonly runId: string
  /** Route of the agents; null: the threads of one process. */
  readonly route: Route | null
  /** When it was worked on before, and resumed since. */
  readonly earlier: readonly TimeSpan[]
}

/** What is paid for: a run, or several that have their machines in common. */
export interface PaidWork {
  readonly runs: readonly ServedRun[]
  /** From when the first of them began, this time, until when is asked. */
  readonly span: TimeSpan
  /** Price of workers that have none, and of this machine when it is the worker. */
  readonly workerPrice: HourlyPrice | null
}

/**
 * What runs use that costs money, each thing once: what was rented and worked for one of them last, all of its time;
 * else the agents of their routes, within their time; else this machine, when it has a price. Throws DATABASE_UNAVAILABLE.
 */
export async function paidFor(work: PaidWork, { rentals, fleet }: CostSources): Promise<PaidTime[]> {
  const { runs, span, workerPrice } = work
  const listed = (await Promise.all(runs.map(({ runId }) => rentals.list({ runId })))).flat()
  const rented = paidRentals([...new Map(listed.map((rental) => [rental.id, rental])).values()], span.until)
  if (rented.length > 0) return rented.map((each) => priced(each, workerPrice))
  const spans = united([...runs.flatMap(({ earlier }) => earlier), span])
  const routes = new Set(runs.map(({ route }) => route))
  if (!routes.has(null)) {
    const agents = await fleet.list(span.until - spans[0]!.from + 3_600_000)
    const serving = agents.filter((agent) => routes.has(agent.route))
    return paidAgents(serving, spans).map((each) => priced(each, workerPrice))
  }
  if (workerPrice === null) return []
  const here = { name: 'this machine', kind: 'worker', place: '', price: workerPrice, isOpen: true } as const
  return [{ ...here, seconds: secondsOf(spans) }]
}

/** A worker without a price of its own costs what was said of such workers. */
function priced(paid: PaidTime, price: HourlyPrice | null): PaidTime {
  return paid.price === null && paid.kind === 'worker' ? { ...paid, price } : paid
}

/** The price of a model: of the run, and of each trial when `threads` served it. */
export function runCostOf(
  paid: readonly PaidTime[],
  trials: readonly TrialRecord[],
  { threads, workerPrice }: Pick<RunCost, 'threads' | 'workerPrice'>,
): RunCost {
  const cost = costOf(paid)
  const isPriced = Object.keys(cost.amounts).length > 0
  const ofTrials = isPriced ? trialCosts(cost, trials, threads) : []
  return { ...cost, words: costInWords(cost), hosts: paid.map(hostCostOf), threads, workerPrice, trials: ofTrials }
}

function hostCostOf({ name, kind, place, seconds, price }: PaidTime): HostCost {
  return { name, kind, place, seconds, price, amount: price && (seconds / 3600) * price.perHour }
}

/**
 * What a run has cost until now, or until its end: what was rented for it, with its teardown; where nothing was, what the
 * run told itself when its report was drawn. Null: it never told. Throws DATABASE_UNAVAILABLE.
 */
export async function knownCostOf(
  { id, summary }: Run,
  trials: readonly TrialRecord[],
  rentals: Pick<RentalLedger, 'list'>,
  now: number,
): Promise<RunCost | null> {
  // The summary of a finished run is its outcome document.
  const told = (summary as { readonly cost?: RunCost } | null)?.cost ?? null
  const paid = paidRentals(await rentals.list({ runId: id }), now)
  if (paid.length === 0) return told
  const { threads = 1, workerPrice = null } = told ?? {}
  return runCostOf(
    paid.map((each) => priced(each, workerPrice)),
    trials,
    { threads, workerPrice },
  )
}
