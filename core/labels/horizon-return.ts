import type { CandleSeries } from '#core/candles'
import { checkParameters, fromZero, wholeFrom, zeroOrOne, type ParameterRule } from './check-parameters.ts'
import type { Labeler, Labels } from './labeler.ts'
import { stretchesOf } from './stretches.ts'
import { costShare, defaultCosts, netReturn, sideWorthTaking, type TradeCosts } from './trade-costs.ts'
import { uniquenessWeights } from './uniqueness.ts'

/** Parameters of {@link horizonReturnLabeler}. */
export interface HorizonReturnParameters extends TradeCosts {
  /** Bars the trade is held, 1 or more. */
  readonly horizon: number
  /** Net returns up to this, a fraction, label hold. */
  readonly deadBand: number
  /** 1: rows weigh by the uniqueness of their label; 0: all alike, as the wasm engine needs. */
  readonly weights: number
}

/** Two days of 4-hour bars, of which about a quarter move less than 1 % after costs. */
export const horizonReturnDefaults: HorizonReturnParameters = {
  horizon: 12,
  deadBand: 0.01,
  ...defaultCosts,
  weights: 1,
}

const rules: Readonly<Record<keyof HorizonReturnParameters, ParameterRule>> = {
  horizon: wholeFrom(1),
  deadBand: fromZero,
  feeBps: fromZero,
  slippageBps: fromZero,
  weights: zeroOrOne,
}

/**
 * The sign of the return after costs of a trade entered at the open after the row and left at the close `horizon` bars
 * after it: 1 when the long trade earns more than the dead band, -1 when the short one does, else 0. It reads the rows
 * t+1 and t+horizon, so its reach is t+horizon; it is not complete where a stretch without gaps ends before. Throws
 * USAGE.
 */
export function horizonReturnLabeler(parameters: Partial<HorizonReturnParameters> = {}): Labeler {
  const all = { ...horizonReturnDefaults, ...parameters }
  checkParameters('horizon-return', all, rules)
  return {
    name: 'horizon-return',
    parameters: { ...all },
    weighs: all.weights === 1,
    label: (series) => labelSeries(series, all),
  }
}

function labelSeries(series: CandleSeries, parameters: HorizonReturnParameters): Labels {
  const { rows, open, close } = series
  const { horizon, deadBand, weights } = parameters
  const target = new Int8Array(rows)
  const reach = new Int32Array(rows)
  const complete = new Uint8Array(rows)
  const cost = costShare(parameters)
  for (const { start, end } of stretchesOf(series)) {
    for (let t = start; t < end; t++) {
      reach[t] = Math.min(t + horizon, end - 1)
      if (t + horizon >= end) continue
      const net = (side: 1 | -1) => netReturn(side, open[t + 1]!, close[t + horizon]!, cost)
      target[t] = sideWorthTaking(net(1), net(-1), deadBand)
      complete[t] = 1
    }
  }
  const labels = { target, reach, complete, maxReach: horizon }
  return { ...labels, weight: weights === 1 ? uniquenessWeights(labels) : new Float64Array(rows).fill(1) }
}
