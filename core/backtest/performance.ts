import type { Bars, EquityPath } from './follow-targets.ts'
import { barReturns, barsPerYear, sharpeOf, sortinoOf, yearsOf } from './returns.ts'

/** What following targets was worth. Fractions unless said otherwise. */
export interface Performance {
  readonly bars: number
  /** Time that passed. */
  readonly years: number
  /** Final equity over the first, less 1. */
  readonly totalReturn: number
  /** The same a year, compounding, over the time that passed; -1 when all was lost. */
  readonly cagr: number
  /** Annualised: times sqrt(bars a year). */
  readonly sharpe: number
  readonly sortino: number
  /** Deepest fall from a peak of equity, in [0, 1]. */
  readonly maxDrawdown: number
  /** Longest stretch below a former peak, bars. */
  readonly longestDrawdown: number
  /** Notional traded over equity, a year; 2 is one full round trip. */
  readonly turnover: number
  /** Round trips. */
  readonly trades: number
  /** Share of round trips that gained after costs; null without any. */
  readonly hitRate: number | null
  /** Share of bars in the market. */
  readonly exposure: number
  /** In units of the equity at the start. */
  readonly paid: EquityPath['paid']
}

/** The measures of a path over its bars. */
export function performanceOf(bars: Bars, path: EquityPath): Performance {
  const { equity, held, trades, turnover, paid } = path
  const rows = equity.length
  const returns = barReturns(equity)
  const perYear = Math.sqrt(barsPerYear(bars.widthMs))
  const years = yearsOf(rows > 1 ? bars.openTime[rows - 1]! - bars.openTime[0]! : bars.widthMs)
  const last = equity[rows - 1]!
  const gained = trades.filter(({ profit }) => profit > 0).length
  return {
    bars: rows,
    years,
    totalReturn: last - 1,
    cagr: last ** (1 / years) - 1,
    sharpe: rows > 2 ? sharpeOf(returns) * perYear : 0,
    sortino: rows > 1 ? sortinoOf(returns) * perYear : 0,
    maxDrawdown: drawdowns(equity).reduce((deepest, depth) => Math.max(deepest, depth), 0),
    longestDrawdown: longestBelowPeak(equity),
    turnover: turnover / years,
    trades: trades.length,
    hitRate: trades.length === 0 ? null : gained / trades.length,
    exposure: held.reduce((count, direction) => count + Math.abs(direction), 0) / rows,
    paid,
  }
}

/** How far below its highest value so far equity stands at each close, in [0, 1]. */
export function drawdowns(equity: Float64Array): Float64Array {
  let peak = 0
  return equity.map((value) => {
    peak = Math.max(peak, value)
    return 1 - value / peak
  })
}

function longestBelowPeak(equity: Float64Array): number {
  let longest = 0
  let since = 0
  for (const depth of drawdowns(equity)) {
    since = depth > 0 ? since + 1 : 0
    longest = Math.max(longest, since)
  }
  return longest
}
