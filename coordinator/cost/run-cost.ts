import {
  costInWords,
  costOf,
  paidAgents,
  paidRentals,
  trialCosts,
  type Cost,
  type PaidTime,
  type TimeSpan,
  type TrialCost,
} from '#core/cost'
import type { Fleet, HourlyPrice, RentalLedger, Route } from '#core/protocol'
import type { TrialRecord } from '#core/registry'

/** What a run cost, until it was asked. */
export interface RunCost extends Cost {
  readonly words: string
  /** Threads that served the run. */
  readonly threads: number
  /** Of each trial; empty when no price is known. */
  readonly trials: readonly TrialCost[]
}

/** Where the cost of a run is read from. */
export interface CostSources {
  readonly rentals: Pick<RentalLedger, 'list'>
  readonly fleet: Pick<Fleet, 'list'>
}

/** The run that is paid for. */
export interface PaidRun extends TimeSpan {
  readonly runId: string
  /** Route of the agents that serve it; null: the threads of one process do. */
  readonly route: Route | null
  /** Price of workers that have none, and of this machine when it is the worker. */
  readonly hostPrice: HourlyPrice | null
}

/**
 * What a run uses that costs money: what was rented and worked for it last, all of its time; else the agents of its
 * route, within its time; else this machine, when it has a price. Throws DATABASE_UNAVAILABLE.
 */
export async function paidFor(run: PaidRun, { rentals, fleet }: CostSources): Promise<PaidTime[]> {
  const { runId, route, from, until, hostPrice } = run
  const rented = paidRentals(await rentals.list({ runId }), until)
  if (rented.length > 0) return rented.map((each) => priced(each, hostPrice))
  if (route !== null) {
    const agents = await fleet.list(until - from + 3_600_000)
    const serving = agents.filter((agent) => agent.route === route)
    return paidAgents(serving, run).map((each) => priced(each, hostPrice))
  }
  if (hostPrice === null) return []
  const seconds = Math.max(0, until - from) / 1000
  return [{ name: 'this machine', kind: 'worker', place: '', seconds, price: hostPrice, isOpen: true }]
}

/** A worker without a price of its own costs what was said of such workers. */
function priced(paid: PaidTime, price: HourlyPrice | null): PaidTime {
  return paid.price === null && paid.kind === 'worker' ? { ...paid, price } : paid
}

/** The price of a model: of the run, and of each trial when `threads` served it. */
export function runCostOf(paid: readonly PaidTime[], trials: readonly TrialRecord[], threads: number): RunCost {
  const cost = costOf(paid)
  const isPriced = Object.keys(cost.amounts).length > 0
  return { ...cost, words: costInWords(cost), threads, trials: isPriced ? trialCosts(cost, trials, threads) : [] }
}
