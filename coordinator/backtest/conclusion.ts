import { buyAndHold, type JudgedStrategy } from '#core/backtest'
import { modelStrategy, type BacktestResult } from './backtest-result.ts'

/** The result in one word for machines and one sentence for people. */
export interface Conclusion {
  readonly outcome: 'earns-nothing' | 'may-be-chance' | 'earns'
  readonly text: string
}

/** A deflated Sharpe ratio from here on is called more than the luck of the search. */
const confident = 0.95

/** What to think of it, without flattery. */
export function concludeBacktest({ strategies, luck, period }: BacktestResult): Conclusion {
  const model = named(strategies, modelStrategy)
  const held = named(strategies, buyAndHold)
  const { totalReturn, trades } = model.performance
  const range = model.spread === null ? '' : ` (95 %: ${spanText(model.spread.totalReturn)})`
  const beside = `; buying and holding made ${percentText(held.performance.totalReturn)}`
  const seen = period.inSample === 0 ? '' : ` IN SAMPLE: ${seenText(period)}, so this says nothing about the future.`
  if (trades === 0) {
    return { outcome: 'earns-nothing', text: `Earns nothing after fees: it never enters the market${beside}.${seen}` }
  }
  if (!(totalReturn > 0)) {
    return {
      outcome: 'earns-nothing',
      text: `Earns nothing after fees: ${percentText(totalReturn)}${range}${beside}.${seen}`,
    }
  }
  const doubts = [
    ...(model.spread === null || model.spread.totalReturn.low <= 0 ? ['its interval holds a loss'] : []),
    ...(luck.deflatedSharpe < confident
      ? [
          `after ${luck.tried.total} trials the chance that its Sharpe ratio is real is ${percentText(luck.deflatedSharpe, '')}`,
        ]
      : []),
  ]
  const made = `${percentText(totalReturn)} after fees${range}${beside}`
  return doubts.length > 0
    ? { outcome: 'may-be-chance', text: `Made ${made}. That may be chance: ${doubts.join(', and ')}.${seen}` }
    : { outcome: 'earns', text: `Earned ${made}.${seen}` }
}

/** `1,276 of 2,195 bars were fitted on`. */
export function seenText({ inSample, bars }: BacktestResult['period']): string {
  return `the model was fitted on ${inSample} of these ${bars} bars`
}

/** `+12.3 %`, with a true minus sign. */
export function percentText(share: number, plus = '+'): string {
  const text = `${(Math.abs(share) * 100).toFixed(1)} %`
  return share < 0 && !text.startsWith('0.0 ') ? `−${text}` : share > 0 ? `${plus}${text}` : text
}

/** `−4.0 % to +12.3 %`. */
export function spanText({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${percentText(low)} to ${percentText(high)}`
}

function named(strategies: readonly JudgedStrategy[], wanted: string): JudgedStrategy {
  return strategies.find(({ name }) => name === wanted)!
}
