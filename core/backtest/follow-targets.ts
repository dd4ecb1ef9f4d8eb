import type { CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { Account, type AccountStatement } from './account.ts'
import type { Costs } from './costs.ts'

/** The bars of a backtest. */
export type Bars = Pick<CandleSeries, 'widthMs' | 'openTime' | 'open' | 'close'>

/** What following targets came to; row t is the close of bar t. */
export interface EquityPath extends AccountStatement {
  /** Value of the account, 1 at the first close; the last position is closed at the last close, costs included. */
  readonly equity: Float64Array
  /** -1 short, 0 flat, 1 long while bar t was open. */
  readonly held: Int8Array
}

/**
 * Follows target positions (shares of equity in [-1, 1], wanted from row t's close on) through the bars:
 *
 * - The order of row t is filled at the open of bar t+1, the first price that can be had after it.
 * - It is filled only when bar t+1 follows directly. Before a gap nobody knew of the gap, after it the order is stale:
 *   it lapses, a position that is open goes through the gap and takes its whole move, and the next verdict decides.
 *   Nothing is ever filled at a price from the other side of a gap.
 * - Targets are met when they change; between changes the quantity stays as it is, whatever it is worth.
 * - Fees are taken on both sides, buys are filled above the open and sells below it by the slippage, funding is taken
 *   at each close for the time since the close before, gaps included.
 * - An account worth nothing at an open or a close is ruined: it stays at 0 and trades no more.
 *
 * Equity up to t depends on no bar and no target after t, but for the last row, where the position is closed. Throws
 * DATA_SET_INVALID for a target that is no share of equity.
 */
export function followTargets(bars: Bars, targets: ArrayLike<number>, costs: Costs): EquityPath {
  const rows = requireTargets(bars, targets)
  const equity = new Float64Array(rows)
  const held = new Int8Array(rows)
  const account = new Account(costs)
  for (let t = 0; t < rows; t++) {
    if (t > 0 && followsDirectly(bars, t)) account.rebalance(t, bars.open[t]!, targets[t - 1]!)
    held[t] = account.direction
    const elapsedMs = t > 0 && held[t] === held[t - 1] ? bars.openTime[t]! - bars.openTime[t - 1]! : bars.widthMs
    equity[t] = account.mark(t, bars.close[t]!, elapsedMs)
  }
  if (rows > 0) equity[rows - 1] = account.closeOut(rows - 1, bars.close[rows - 1]!)
  return { equity, held, ...account.statement() }
}

/** Whether bar t opens when bar t-1 closes. */
export function followsDirectly({ openTime, widthMs }: Bars, t: number): boolean {
  return openTime[t]! - openTime[t - 1]! === widthMs
}

function requireTargets({ openTime }: Bars, targets: ArrayLike<number>): number {
  if (targets.length !== openTime.length) {
    throw new BullpenError('DATA_SET_INVALID', { reason: `${targets.length} targets for ${openTime.length} bars` })
  }
  for (let t = 0; t < targets.length; t++) {
    if (Math.abs(targets[t]!) <= 1) continue
    throw new BullpenError('DATA_SET_INVALID', {
      reason: `target ${t} is ${targets[t]}, no share of equity in [-1, 1]`,
    })
  }
  return targets.length
}
