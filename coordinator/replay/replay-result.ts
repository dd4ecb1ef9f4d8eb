import type { Bars, Costs, JudgedStrategy, PositionRules } from '#core/backtest'
import type { Interval } from '#core/evaluation'

/** What is asked of a replay, beside candles and training. */
export interface ReplayChoices {
  /** Weeks that are lived through again, the last ones of the series. */
  readonly weeks: number
  readonly rules: PositionRules
  readonly costs: Costs
  /** Resamples of an interval. */
  readonly draws: number
  readonly seed: number
}

/** How often a model is trained and judged: in week 0 and every so many weeks after it. */
export interface Cadence {
  readonly name: string
  readonly everyWeeks: number
  /** Whether only promoted models answer; without the gate the newest one does. */
  readonly gated: boolean
}

export const cadences: readonly Cadence[] = [
  { name: 'retrained weekly', everyWeeks: 1, gated: true },
  { name: 'retrained monthly', everyWeeks: 4, gated: true },
  { name: 'weekly, no gate', everyWeeks: 1, gated: false },
  { name: 'never retrained', everyWeeks: Infinity, gated: true },
]

/** What became of one training of a cadence. */
export interface ReplayedTraining {
  /** From 0. */
  readonly week: number
  /** When it was trained, ms: every candle it knew had closed. */
  readonly at: number
  readonly runId: string
  readonly promoted: boolean
  /** Why, in words of the gate. */
  readonly text: string
}

/** A cadence that was lived through. */
export interface ReplayedCadence extends Cadence {
  readonly trainings: readonly ReplayedTraining[]
}

/** A finished replay. */
export interface ReplayResult {
  readonly symbol: string
  readonly widthMs: number
  readonly weeks: number
  readonly bars: Bars
  readonly rules: PositionRules
  readonly costs: Costs
  readonly block: number
  readonly cadences: readonly ReplayedCadence[]
  /** The cadences in order, then buying and holding. */
  readonly strategies: readonly JudgedStrategy[]
  /** Tasks that were run now: 0 when all of it had been lived through before. */
  readonly computed: number
  /** Wealth of the weekly cadence over that of the one never retrained, less 1: 95 %; null with too few bars. */
  readonly aheadOfNever: Interval | null
}
