import { blockBootstrapOfSums, percentileInterval, shareAtMost, type Interval } from '#core/evaluation'
import { Random } from '#core/random'
import type { Costs } from './costs.ts'
import { followTargets, type Bars, type EquityPath } from './follow-targets.ts'
import { performanceOf, type Performance } from './performance.ts'
import { randomTargets } from './random-policies.ts'
import { barReturns, barsPerYear, sharpeOfSums } from './returns.ts'

/** A policy as the positions it wants, one target a bar. */
export interface Strategy {
  readonly name: string
  readonly targets: Float64Array
}

/** How returns are resampled. */
export interface Resampling {
  /** Bars of a block, at least as many as a label reads ahead. */
  readonly block: number
  readonly draws: number
  readonly seed: number
}

/** 95 % intervals of what a strategy earned; fractions, the Sharpe ratio annualised. */
export interface Spread {
  readonly totalReturn: Interval
  readonly sharpe: Interval
  /** Share of resamples that end at a loss or at nothing, in [0, 1]. */
  readonly chanceOfNoGain: number
  /** Wealth over that of the benchmark, less 1, resampled pairwise; null for the benchmark itself. */
  readonly ahead: Interval | null
}

/** A strategy that was followed. */
export interface JudgedStrategy extends Strategy {
  readonly path: EquityPath
  readonly performance: Performance
  /** Null where there are fewer than two blocks of bars, or all was lost. */
  readonly spread: Spread | null
}

/** In the market from the first open to the last close. */
export const buyAndHold = 'buy and hold'

/**
 * Follows each strategy at the same costs and judges it beside the one named `benchmark`. Intervals are percentiles of
 * moving-block resamples of bar returns: what this policy might have earned on other stretches of such a market. They
 * know nothing of how the policy was chosen.
 */
export function judgeStrategies(
  bars: Bars,
  strategies: readonly Strategy[],
  { costs, benchmark, resampling }: { costs: Costs; benchmark: string; resampling: Resampling },
): JudgedStrategy[] {
  const followed = strategies.map((each) => ({ ...each, path: followTargets(bars, each.targets, costs) }))
  const rival = followed.find(({ name }) => name === benchmark)
  return followed.map((each) => ({
    ...each,
    performance: performanceOf(bars, each.path),
    spread: spreadOf(bars, each.path, rival === each ? undefined : rival?.path, resampling),
  }))
}

/** Share of `draws` random policies with the same spells in the market that end with less, in [0, 1]. */
export function rankAmongRandom(
  bars: Bars,
  { targets, path }: JudgedStrategy,
  costs: Costs,
  { draws, seed }: { draws: number; seed: number },
): number {
  const ends = Float64Array.from({ length: draws }, (_, draw) => {
    const drawn = randomTargets(targets, Random.of(seed, 'random-policy', draw))
    return followTargets(bars, drawn, costs).equity.at(-1)!
  })
  const end = path.equity.at(-1)!
  return ends.reduce((count, other) => count + (other < end ? 1 : 0), 0) / draws
}

function spreadOf(
  bars: Bars,
  { equity }: EquityPath,
  rival: EquityPath | undefined,
  resampling: Resampling,
): Spread | null {
  const returns = barReturns(equity)
  if (returns.length < 2 * resampling.block || equity.at(-1)! <= 0) return null
  const logs = returns.map(Math.log1p)
  const growth = blockBootstrapOfSums([logs], { ...resampling, statistic: ([sum]) => Math.expm1(sum!) })
  const perYear = Math.sqrt(barsPerYear(bars.widthMs))
  const sharpe = blockBootstrapOfSums([returns, returns.map((r) => r * r)], {
    ...resampling,
    statistic: ([sum, squares], rows) => sharpeOfSums(sum!, squares!, rows) * perYear,
  })
  return {
    totalReturn: percentileInterval(growth),
    sharpe: percentileInterval(sharpe),
    chanceOfNoGain: shareAtMost(growth, 0),
    ahead: rival === undefined || rival.equity.at(-1)! <= 0 ? null : aheadOf(logs, rival, resampling),
  }
}

function aheadOf(logs: Float64Array, rival: EquityPath, resampling: Resampling): Interval {
  const theirs = barReturns(rival.equity).map(Math.log1p)
  return percentileInterval(
    blockBootstrapOfSums([logs.map((log, t) => log - theirs[t]!)], {
      ...resampling,
      statistic: ([sum]) => Math.expm1(sum!),
    }),
  )
}
