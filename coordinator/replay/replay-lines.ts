import type { JudgedStrategy } from '#core/backtest'
import { formatTime, formatTimeframe } from '#core/candles'
import { costsText, percentText, rulesText, spanText, strategyTable } from '../backtest/index.ts'
import { counted } from '../counted.ts'
import type { ReplayResult } from './replay-result.ts'

/** What `--json` prints: everything but the paths. */
export function replayDocument(result: ReplayResult, reportPath: string | null) {
  const { symbol, widthMs, weeks, bars, rules, costs, block, strategies, aheadOfNever, computed } = result
  return {
    symbol,
    timeframe: formatTimeframe(widthMs),
    weeks,
    period: periodOf(result),
    bars: bars.openTime.length,
    rules,
    costs,
    block,
    cadences: result.cadences.map(({ name, trainings }) => ({
      name,
      promoted: trainings.filter(({ promoted }) => promoted).length,
      trainings: trainings.map((training) => ({ ...training, at: formatTime(training.at) })),
    })),
    strategies: strategies.map(({ name, performance, spread }) => ({ name, ...performance, spread })),
    aheadOfNever,
    computed,
    conclusion: concludeReplay(result),
    reportPath,
  }
}

/** The replay for a person. */
export function replayLines(result: ReplayResult, reportPath: string | null): string[] {
  const { symbol, widthMs, weeks, bars, rules, costs, block, cadences, strategies, computed } = result
  const { from, to } = periodOf(result)
  return [
    `${weeks} weeks of ${symbol} ${formatTimeframe(widthMs)} lived through again, ${from} to ${to}: ${bars.openTime.length} bars, each answered by a model that had not seen it`,
    `${rulesText(rules)}; ${costsText(costs)}`,
    ...cadences.map(({ name, trainings }) => {
      const promoted = trainings.filter((training) => training.promoted).length
      return `${name}: ${trainings.length} trained, ${promoted} promoted`
    }),
    computed === 0 ? 'nothing was trained now: all of it was kept from before' : `${counted(computed, 'task')} run now`,
    '',
    ...strategyTable(strategies),
    '',
    `[ ]  95 % of the resamples of these bars, in blocks of ${block}`,
    ...concludeReplay(result),
    ...(reportPath === null ? [] : [`report  ${reportPath}`]),
  ]
}

/** What to think of it, a sentence each. */
export function concludeReplay({ strategies, cadences, aheadOfNever }: ReplayResult): string[] {
  const held = strategies.at(-1)!
  const earned = strategies.slice(0, -1).map((each) => earningText(each))
  const beside = `Buying and holding made ${percentText(held.performance.totalReturn)}.`
  if (cadences[0]!.trainings.filter(({ promoted }) => promoted).length <= 1) {
    return [
      ...earned,
      beside,
      'Retraining weekly changed nothing: the gate let no later model take the place of the first.',
    ]
  }
  if (aheadOfNever === null) return [...earned, beside]
  const { low, high } = aheadOfNever
  const verdict =
    low > 0
      ? 'Retraining weekly paid'
      : high < 0
        ? 'Retraining weekly cost'
        : 'Whether retraining weekly pays is not shown'
  return [...earned, beside, `${verdict}: wealth against never retraining ${spanText(aheadOfNever)} (95 %).`]
}

function earningText({ name, performance, spread }: JudgedStrategy): string {
  const { totalReturn } = performance
  const range = spread === null ? '' : ` (95 %: ${spanText(spread.totalReturn)})`
  const subject = name[0]!.toUpperCase() + name.slice(1)
  if (!(totalReturn > 0)) return `${subject}, it earns nothing after fees: ${percentText(totalReturn)}${range}.`
  const doubt = spread === null || spread.totalReturn.low <= 0 ? ', which may be chance' : ''
  return `${subject}, it made ${percentText(totalReturn)} after fees${range}${doubt}.`
}

function periodOf({ bars }: ReplayResult): { readonly from: string; readonly to: string } {
  return { from: formatTime(bars.openTime[0]!), to: formatTime(bars.openTime.at(-1)!) }
}
