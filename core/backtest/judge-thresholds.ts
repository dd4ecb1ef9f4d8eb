import { predictedTargets } from '#core/evaluation'
import type { Costs } from './costs.ts'
import { deflatedSharpe } from './deflated-sharpe.ts'
import { followTargets, type Bars } from './follow-targets.ts'
import { overfittingBlocks, overfittingOf } from './overfitting.ts'
import { barReturns, shapeOf } from './returns.ts'
import { sweepThresholds, thresholdGrid, type SweptSetting } from './sweep-thresholds.ts'
import { targetPositions, type PositionRules } from './target-positions.ts'

/** What choosing thresholds by looking at the outcome would be worth. */
export interface ThresholdSearch {
  readonly settings: readonly SweptSetting[]
  /** The setting with the best Sharpe ratio, the first of equals. */
  readonly best: SweptSetting
  /** Deflated Sharpe ratio of the best, by the number and the spread of all settings tried. */
  readonly deflatedSharpe: number
  /** Probability that the best of a half of the bars is no better than the median setting on the other half. */
  readonly overfitting: number
}

const thresholds = Array.from({ length: 10 }, (_, i) => Number((0.35 + 0.05 * i).toFixed(2)))

/** The least bars that {@link judgeThresholds} can judge. */
export const leastBarsForThresholds = 4 * overfittingBlocks + 1

/**
 * Tries thresholds 0.35 to 0.8 for buy and for sell, 100 settings, on these very bars. It shows how good the luckiest
 * setting looks and how little that says; no verdict follows from it. At least {@link leastBarsForThresholds} bars.
 */
export function judgeThresholds(
  bars: Bars,
  probabilities: ArrayLike<number>,
  rules: Pick<PositionRules, 'short' | 'onHold'>,
  costs: Costs,
): ThresholdSearch {
  const settings = sweepThresholds(bars, probabilities, thresholdGrid(thresholds), rules, costs)
  const returns = settings.map((setting) => {
    const verdicts = predictedTargets(probabilities, { kind: 'thresholds', ...setting })
    return barReturns(followTargets(bars, targetPositions(verdicts, { ...rules, sizing: 'full' }), costs).equity)
  })
  const best = settings.reduce((leader, each) => (each.sharpe > leader.sharpe ? each : leader))
  const bestReturns = returns[settings.indexOf(best)]!
  const measured = { sharpe: best.sharpe, returns: bestReturns.length, ...shapeOf(bestReturns) }
  const spread = { trials: settings.length, variance: varianceOf(settings.map(({ sharpe }) => sharpe)) }
  return {
    settings,
    best,
    deflatedSharpe: deflatedSharpe(measured, spread),
    overfitting: overfittingOf(returns).probability,
  }
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}
