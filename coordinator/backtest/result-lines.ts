import type { Costs, JudgedStrategy, PositionRules } from '#core/backtest'
import { formatTime, formatTimeframe } from '#core/candles'
import { columnsOf } from '../columns-of.ts'
import type { BacktestResult } from './backtest-result.ts'
import type { TriedTrials } from './tried-trials.ts'
import { concludeBacktest, percentText, seenText, spanText } from './conclusion.ts'

/** What `--json` prints: everything but the paths. */
export function backtestDocument(result: BacktestResult, reportPath: string | null) {
  const { model, symbol, widthMs, period, rules, costs, block, strategies, luck } = result
  const { thresholds, ...chances } = luck
  return {
    model,
    symbol,
    timeframe: formatTimeframe(widthMs),
    period: { ...period, from: formatTime(period.from), to: formatTime(period.to) },
    sample: period.inSample === 0 ? 'unseen' : 'IN SAMPLE',
    rules,
    costs,
    block,
    strategies: strategies.map(({ name, performance, spread }) => ({ name, ...performance, spread })),
    luck: {
      ...chances,
      thresholds: thresholds && {
        tried: thresholds.settings.length,
        best: thresholds.best,
        deflatedSharpe: thresholds.deflatedSharpe,
        overfitting: thresholds.overfitting,
      },
    },
    conclusion: concludeBacktest(result),
    reportPath,
  }
}

/** The result for a person: the table, how far it is from luck, and what to think of it. */
export function backtestLines(result: BacktestResult, reportPath: string | null): string[] {
  const { model, symbol, widthMs, period, rules, costs, block, strategies } = result
  const shout = `IN SAMPLE: ${seenText(period)}. Its figures here are worth nothing.`
  const banner = '!'.repeat(shout.length)
  return [
    ...(period.inSample > 0 ? [banner, shout, banner] : []),
    `model ${model.version} on ${symbol} ${formatTimeframe(widthMs)}, ${formatTime(period.from)} to ${formatTime(period.to)}: ${sampleText(period)}`,
    `${rulesText(rules)}; ${costsText(costs)}`,
    '',
    ...strategyTable(strategies),
    '',
    `[ ]      95 % of the resamples of these bars, in blocks of ${block}`,
    ...luckLines(result),
    '',
    concludeBacktest(result).text,
    ...(reportPath === null ? [] : [`report   ${reportPath}`]),
  ]
}

/** What the cells of {@link strategyCells} are. */
export const strategyHead = ['', 'return', '[95 %]', 'a year', 'Sharpe', '[95 %]', 'against holding [95 %]', 'drawdown', 'trades', 'hits', 'in market', 'turnover/y'] // prettier-ignore

/** One line a strategy, columns aligned. */
export function strategyTable(strategies: readonly JudgedStrategy[]): string[] {
  return columnsOf([strategyHead, ...strategies.map(strategyCells)])
}

/** A shorter record says nothing of a year: weeks raised to a power are astronomy. */
const leastYears = 0.25

/** The cells of {@link strategyTable}: name, return, its interval, ... */
export function strategyCells({ name, performance, spread }: JudgedStrategy): string[] {
  const { totalReturn, years, cagr, sharpe, maxDrawdown, trades, hitRate, exposure, turnover } = performance
  return [
    name,
    percentText(totalReturn),
    spread === null ? '-' : spanText(spread.totalReturn),
    years < leastYears ? '-' : percentText(cagr),
    sharpe.toFixed(2),
    spread === null ? '-' : `${spread.sharpe.low.toFixed(2)} to ${spread.sharpe.high.toFixed(2)}`,
    spread?.ahead ? spanText(spread.ahead) : '-',
    percentText(maxDrawdown, ''),
    String(trades),
    hitRate === null ? '-' : percentText(hitRate, ''),
    percentText(exposure, ''),
    turnover.toFixed(1),
  ]
}

function sampleText({ bars, inSample, judged }: BacktestResult['period']): string {
  const newer = bars - inSample - judged
  return `${bars} bars: ${inSample} fitted on, ${judged} held out (its promotion was decided on them), ${newer} newer`
}

/** How verdicts become positions, in words. */
export function rulesText({ short, onHold, sizing }: PositionRules): string {
  const sell = short ? 'sell goes short' : 'sell leaves the market'
  const hold = onHold === 'keep' ? 'hold keeps the position' : 'hold leaves the market'
  const size = sizing === 'full' ? 'all in' : 'sized by |P(buy) - P(sell)| at entry'
  return `${sell}, ${hold}, ${size}`
}

/** What was charged, in words. */
export function costsText({ feeBps, slippageBps, shortFundingBps }: Costs): string {
  return `fee ${feeBps} bps a side, slippage ${slippageBps} bps, shorts pay ${shortFundingBps} bps per 8 h`
}

/** `26 trials (4 of its search, 16 of its outer steps, 6 of other runs on the series)`. */
export function triedText({ search, outer, otherRuns, total }: TriedTrials): string {
  const parts = [
    ...(outer > 0 ? [`${outer} of its outer steps`] : []),
    ...(otherRuns > 0 ? [`${otherRuns} of other runs on the series`] : []),
  ]
  const trials = `${total} ${total === 1 ? 'trial' : 'trials'}`
  return parts.length === 0 ? trials : `${trials} (${[`${search} of its search`, ...parts].join(', ')})`
}

function luckLines({ luck }: BacktestResult): string[] {
  const { thresholds } = luck
  const share = (value: number) => percentText(value, '')
  return [
    `random   ends above ${share(luck.rankAmongRandom)} of ${luck.randomPolicies} random policies of the same turnover`,
    `deflated ${share(luck.deflatedSharpe)} chance that the Sharpe ratio is more than the best of ${triedText(luck.tried)} without skill`,
    ...(luck.tried.overfitting === null
      ? []
      : [
          `search   chance that choosing the best of the ${luck.tried.search} trials of its search is overfitting ${share(luck.tried.overfitting)}`,
        ]),
    ...(thresholds === null
      ? []
      : [
          `overfit  the best of ${thresholds.settings.length} threshold settings made ${percentText(thresholds.best.totalReturn)} here; chance that choosing it is overfitting ${share(thresholds.overfitting)}, deflated Sharpe ${share(thresholds.deflatedSharpe)}`,
        ]),
  ]
}
