/** What a trade costs on each of its two sides, in basis points (1 bps = 0.01 %) of the price traded at. */
export interface TradeCosts {
  /** Exchange fee of a taker; 10 bps is the spot fee of large exchanges without discounts. */
  readonly feeBps: number
  /** How much worse than the price seen the order is filled. */
  readonly slippageBps: number
}

/** Costs of the labels that follow trades, unless told otherwise. */
export const defaultCosts: TradeCosts = { feeBps: 10, slippageBps: 2 }

/** The share of the price lost on one side. */
export function costShare({ feeBps, slippageBps }: TradeCosts): number {
  return (feeBps + slippageBps) / 10_000
}

/**
 * Return of a trade after costs, as a fraction of its entry price: a long one (`side` 1) buys at entry and sells at
 * exit, a short one (-1) the reverse, and both lose the share `cost` of each price. Funding of shorts is not in it.
 */
export function netReturn(side: 1 | -1, entry: number, exit: number, cost: number): number {
  const ratio = exit / entry
  return side * (ratio - 1) - cost * (1 + ratio)
}

/**
 * The side whose trade is worth it: 1 or -1 when its net return is above `least` and above the other side's, else 0.
 */
export function sideWorthTaking(long: number, short: number, least: number): -1 | 0 | 1 {
  if (long > least && long > short) return 1
  return short > least && short > long ? -1 : 0
}
