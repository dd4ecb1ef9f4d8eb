import { BullpenError } from '#core/errors'

/** What trading costs, in basis points (1 bps = 0.01 %). */
export interface Costs {
  /** The exchange's fee on each side, of the notional traded. */
  readonly feeBps: number
  /** How much worse than the open a trade is executed: half the spread and the book's depth, of the price. */
  readonly slippageBps: number
  /** What a short pays per 8 hours, of its notional at the close. */
  readonly shortFundingBps: number
  /** The same of a long. */
  readonly longFundingBps: number
}

/**
 * 0.1 % is the fee of an account without discount on the largest exchanges; 0.02 % of slippage suits small orders in a
 * liquid pair. A perpetual's funding is 0.01 % per 8 h in quiet markets, mostly received by shorts: that they pay it
 * is the careful assumption, and near what lending a coin costs. A long in the spot market pays nothing to be held.
 */
export const defaultCosts: Costs = { feeBps: 10, slippageBps: 2, shortFundingBps: 1, longFundingBps: 0 }

/** No cost at all: what a backtest must not be read with. */
export const noCosts: Costs = { feeBps: 0, slippageBps: 0, shortFundingBps: 0, longFundingBps: 0 }

/** Throws USAGE unless each cost is in [0, 5000) bps: from half the notional on nothing can be earned back. */
export function checkCosts(costs: Costs): Costs {
  for (const [name, bps] of Object.entries(costs)) {
    if (bps >= 0 && bps < 5000) continue
    throw new BullpenError('USAGE', { reason: `${name} is ${bps}: give basis points from 0 to below 5000` })
  }
  return costs
}

/** Hours between two payments of funding. */
const fundingHours = 8

/** Share of a held notional that funding takes over `ms` in a position of that sign. */
export function fundingShare({ shortFundingBps, longFundingBps }: Costs, sign: number, ms: number): number {
  const bps = sign > 0 ? longFundingBps : shortFundingBps
  return ((bps / 1e4) * ms) / (fundingHours * 3_600_000)
}
