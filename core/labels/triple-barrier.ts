import type { CandleSeries, Segment } from '#core/candles'
import { aboveZero, checkParameters, fromZero, wholeFrom, zeroOrOne, type ParameterRule } from './check-parameters.ts'
import { exitNames, type ExitName, type Labeler, type Labels } from './labeler.ts'
import { stretchesOf } from './stretches.ts'
import { costShare, defaultCosts, netReturn, sideWorthTaking, type TradeCosts } from './trade-costs.ts'
import { uniquenessWeights } from './uniqueness.ts'
import { barVolatility } from './volatility.ts'

/** Parameters of {@link tripleBarrierLabeler}. */
export interface TripleBarrierParameters extends TradeCosts {
  /** Distance of the take-profit from the entry, in volatilities of one bar (log returns), above 0. */
  readonly takeProfit: number
  /** Distance of the stop-loss, likewise. */
  readonly stopLoss: number
  /** Bars a trade is held at most, 1 or more. */
  readonly timeLimit: number
  /** Span of the volatility in bars, 2 or more; see {@link barVolatility}. */
  readonly volatilitySpan: number
  /** The net return, a fraction, that a trade must pass to be worth it. */
  readonly leastReturn: number
  /** 1: rows weigh by the uniqueness of their label; 0: all alike, as the wasm engine needs. */
  readonly weights: number
}

/**
 * Twice as much to win as to lose: on a random walk a third of the rows are long, a third short, and a third none.
 * 24 bars of 4 hours are four days.
 */
export const tripleBarrierDefaults: TripleBarrierParameters = {
  takeProfit: 4,
  stopLoss: 2,
  timeLimit: 24,
  volatilitySpan: 50,
  ...defaultCosts,
  leastReturn: 0,
  weights: 1,
}

const rules: Readonly<Record<keyof TripleBarrierParameters, ParameterRule>> = {
  takeProfit: aboveZero,
  stopLoss: aboveZero,
  timeLimit: wholeFrom(1),
  volatilitySpan: wholeFrom(2),
  feeBps: fromZero,
  slippageBps: fromZero,
  leastReturn: fromZero,
  weights: zeroOrOne,
}

/**
 * What a trade would have earned (Lopez de Prado 2018, "Advances in Financial Machine Learning", chapter 3). The row's
 * bar has closed; a long and a short trade are entered at the open of the next. Each ends at its take-profit or its
 * stop-loss, whose distances are multiples of the volatility known at the row, or at the close of the last bar of its
 * time limit. The label is the side with the better net return (fees and slippage on both sides), when that is above
 * `leastReturn`: 1 long, -1 short, 0 neither.
 *
 * Where a bar does not tell what came first, the worse counts: a bar that touches both barriers ends at the stop-loss;
 * one that opens beyond the stop-loss ends at its open, one that opens beyond the take-profit at the take-profit.
 *
 * A label reads bars t to the later end of the two trades, and back only the closes of the volatility. It is not
 * complete where the volatility is not known yet or a stretch without gaps ends before the trades. Throws USAGE.
 */
export function tripleBarrierLabeler(parameters: Partial<TripleBarrierParameters> = {}): Labeler {
  const all = { ...tripleBarrierDefaults, ...parameters }
  checkParameters('triple-barrier', all, rules)
  return {
    name: 'triple-barrier',
    parameters: { ...all },
    weighs: all.weights === 1,
    label: (series) => labelSeries(series, all),
  }
}

function labelSeries(series: CandleSeries, parameters: TripleBarrierParameters): Labels {
  const { rows } = series
  const { timeLimit, volatilitySpan, leastReturn } = parameters
  const target = new Int8Array(rows)
  const reach = Int32Array.from({ length: rows }, (_, t) => t)
  const complete = new Uint8Array(rows)
  const exits = { long: new Uint8Array(rows), short: new Uint8Array(rows) }
  const cost = costShare(parameters)
  const volatility = barVolatility(series, volatilitySpan)
  const long = new Trade(series, 1, parameters)
  const short = new Trade(series, -1, parameters)
  for (const stretch of stretchesOf(series)) {
    for (let t = stretch.start; t < stretch.end - 1; t++) {
      if (Number.isNaN(volatility[t])) continue
      long.follow(t, volatility[t]!, stretch)
      short.follow(t, volatility[t]!, stretch)
      reach[t] = Math.max(long.exitRow, short.exitRow)
      exits.long[t] = exitNames.indexOf(long.exit)
      exits.short[t] = exitNames.indexOf(short.exit)
      if (long.exit === 'open' || short.exit === 'open') continue
      const entry = series.open[t + 1]!
      const net = (trade: Trade) => netReturn(trade.side, entry, trade.exitPrice, cost)
      target[t] = sideWorthTaking(net(long), net(short), leastReturn)
      complete[t] = 1
    }
  }
  const labels = { target, reach, complete, exits, maxReach: timeLimit }
  return { ...labels, weight: parameters.weights === 1 ? uniquenessWeights(labels) : new Float64Array(rows).fill(1) }
}

/** One side's trade after a row; reused for every row, so that labelling allocates nothing. */
class Trade {
  readonly side: 1 | -1
  exit: ExitName = 'open'
  /** Last row read. */
  exitRow = 0
  exitPrice = 0
  private readonly series: CandleSeries
  private readonly parameters: TripleBarrierParameters
  /** The ends of each bar that are worst and best for this side. */
  private readonly worst: Float64Array
  private readonly best: Float64Array

  constructor(series: CandleSeries, side: 1 | -1, parameters: TripleBarrierParameters) {
    this.series = series
    this.side = side
    this.parameters = parameters
    this.worst = side === 1 ? series.low : series.high
    this.best = side === 1 ? series.high : series.low
  }

  /** Enters at the open after row t, which is in the stretch, and goes on to the end of the trade or of the stretch. */
  follow(t: number, volatility: number, { end }: Segment): this {
    const { side, worst, best } = this
    const { open, close } = this.series
    const { takeProfit, stopLoss, timeLimit } = this.parameters
    const entry = open[t + 1]!
    const take = entry * Math.exp(side * takeProfit * volatility)
    const stop = entry * Math.exp(-side * stopLoss * volatility)
    const limit = t + timeLimit
    for (let row = t + 1; row < end; row++) {
      const opened = open[row]!
      if (row > t + 1 && side * (opened - stop) <= 0) return this.leave('stop-loss', row, opened)
      if (row > t + 1 && side * (opened - take) >= 0) return this.leave('take-profit', row, take)
      if (side * (worst[row]! - stop) <= 0) return this.leave('stop-loss', row, stop)
      if (side * (best[row]! - take) >= 0) return this.leave('take-profit', row, take)
      if (row === limit) return this.leave('time-limit', row, close[row]!)
    }
    return this.leave('open', end - 1, close[end - 1]!)
  }

  private leave(exit: ExitName, row: number, price: number): this {
    this.exit = exit
    this.exitRow = row
    this.exitPrice = price
    return this
  }
}
