import { followTargets, targetPositions, type Bars, type Costs, type PositionRules } from '#core/backtest'

/** What a bar may lose at most in log growth: an account that is ruined would lose without bound. */
const worstGrowth = Math.log(0.01)

/**
 * Log growth, after every cost, of each bar after the first when `verdicts` (-1, 0, 1, one a bar) are followed by the
 * ledger of the backtest: filled at the next open, paid for on both sides.
 */
export function followedGrowth(
  bars: Bars,
  verdicts: ArrayLike<number>,
  { rules, costs }: { readonly rules: PositionRules; readonly costs: Costs },
): Float64Array {
  const { equity } = followTargets(bars, targetPositions(verdicts, rules), costs)
  const growth = new Float64Array(Math.max(0, equity.length - 1))
  for (let t = 0; t < growth.length; t++) {
    if (equity[t]! > 0) growth[t] = Math.max(worstGrowth, Math.log(equity[t + 1]! / equity[t]!))
  }
  return growth
}
