import type { Bars, Costs, JudgedStrategy, PositionRules, ThresholdSearch } from '#core/backtest'
import type { TriedTrials } from './tried-trials.ts'

/** What is asked of a backtest, beside model and candles. */
export interface BacktestChoices {
  readonly rules: PositionRules
  readonly costs: Costs
  /** Open times in ms, inclusive; the first unseen candle and the last one unless given. */
  readonly from?: number
  readonly to?: number
  /** Resamples of an interval, and random policies. */
  readonly draws: number
  readonly seed: number
}

/** The bars of a backtest and what the model knew of them. */
export interface Period {
  /** Open times in ms. */
  readonly from: number
  readonly to: number
  readonly bars: number
  /** Bars the model was fitted on: what it does there says nothing. */
  readonly inSample: number
  /** Bars it was judged on when it was promoted, though not fitted on. */
  readonly judged: number
}

/** How far the result stands from luck; probabilities in [0, 1]. */
export interface LuckCheck {
  /** Share of random policies of the same turnover that end with less. */
  readonly rankAmongRandom: number
  readonly randomPolicies: number
  readonly tried: TriedTrials
  /** Probability that the true Sharpe ratio is above what the best of so many trials without skill would show. */
  readonly deflatedSharpe: number
  /** Null where the bars are too few. */
  readonly thresholds: ThresholdSearch | null
}

/** A finished backtest of one model. */
export interface BacktestResult {
  readonly model: { readonly version: number; readonly sha256: string }
  readonly symbol: string
  readonly widthMs: number
  readonly period: Period
  readonly rules: PositionRules
  readonly costs: Costs
  /** Bars of a block of the intervals. */
  readonly block: number
  readonly bars: Bars
  /** The model first, then its rivals. */
  readonly strategies: readonly JudgedStrategy[]
  readonly luck: LuckCheck
}

/** The model's name among the strategies. */
export const modelStrategy = 'the model'
