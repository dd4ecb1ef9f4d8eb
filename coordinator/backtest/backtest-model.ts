import {
  barReturns,
  buyAndHold,
  checkCosts,
  deflatedSharpe,
  judgeStrategies,
  judgeThresholds,
  leastBarsForThresholds,
  naiveThreshold,
  naiveVerdicts,
  rankAmongRandom,
  shapeOf,
  sharpeOf,
  targetPositions,
  varianceWithoutSkill,
  type Bars,
  type JudgedStrategy,
} from '#core/backtest'
import { sliceSeries, type CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { labeler, naiveScore } from '#core/labels'
import type { AnsweringModel } from '#core/model'
import type { ModelVersion } from '#core/registry'
import { answerRows, isSettled, type RowAnswers } from './answer-rows.ts'
import {
  modelStrategy,
  type BacktestChoices,
  type BacktestResult,
  type LuckCheck,
  type Period,
} from './backtest-result.ts'
import type { Sight } from './seen-until.ts'
import type { TriedTrials } from './tried-trials.ts'

/** What is tried, on what. */
export interface BacktestSubject {
  readonly version: ModelVersion
  readonly model: AnsweringModel
  readonly sight: Sight
  readonly tried: TriedTrials
}

/** The least bars that can be judged: a day and a half of 4-hour ones. */
const leastBars = 10

/**
 * What following the model's verdicts would have earned after costs, beside what needs no model. Deterministic.
 * Throws TOO_FEW_ROWS when the period holds too few settled bars, USAGE for costs out of range.
 */
export function backtestModel(
  subject: BacktestSubject,
  series: CandleSeries,
  choices: BacktestChoices,
): BacktestResult {
  const costs = checkCosts(choices.costs)
  const { start, end } = rowsOf(series, subject, choices)
  const answers = answerRows(series, subject.model, start, end)
  const bars = sliceSeries(series, start, end)
  const block = blockOf(subject.version, series, end - start)
  const { rules, draws, seed } = choices
  const naive = naiveScore(series)
  const says = naiveVerdicts(naive.subarray(start, end), naiveThreshold(naive.subarray(0, start)))
  const strategies = judgeStrategies(
    bars,
    [
      { name: modelStrategy, targets: targetPositions(answers.verdict, rules, answers.probabilities) },
      { name: buyAndHold, targets: new Float64Array(bars.rows).fill(1) },
      { name: 'naive C/P-1', targets: targetPositions(says, { ...rules, sizing: 'full' }) },
      { name: 'always hold', targets: new Float64Array(bars.rows) },
    ],
    { costs, benchmark: buyAndHold, resampling: { block, draws, seed } },
  )
  return {
    model: { version: subject.version.version, sha256: subject.version.manifest.model.sha256 },
    symbol: series.symbol,
    widthMs: series.widthMs,
    period: periodOf(bars, subject.sight),
    rules,
    costs,
    block,
    bars,
    strategies,
    luck: luckOf(strategies[0]!, bars, answers, subject.tried, { ...choices, costs }),
  }
}

function rowsOf(series: CandleSeries, { model, sight }: BacktestSubject, choices: BacktestChoices) {
  const from = choices.from ?? sight.unseenFrom
  const to = choices.to ?? Infinity
  let start = series.openTime.findIndex((time) => time >= from)
  const after = series.openTime.findIndex((time) => time > to)
  const end = after === -1 ? series.rows : after
  while (start >= 0 && start < end && !isSettled(series, model.set.warmup, start)) start++
  const rows = start === -1 ? 0 : end - start
  if (rows >= leastBars) return { start, end }
  const why =
    choices.from === undefined
      ? 'after the last candle the model was fitted on; --from earlier shows it in sample'
      : 'in the period asked for, after the warm-up of the features'
  throw new BullpenError('TOO_FEW_ROWS', { rows: Math.max(0, rows), needed: leastBars, why })
}

function periodOf({ rows, openTime }: CandleSeries, { unseenFrom, judgedUntil }: Sight): Period {
  const inSample = openTime.filter((time) => time < unseenFrom).length
  return {
    from: openTime[0]!,
    to: openTime[rows - 1]!,
    bars: rows,
    inSample,
    judged: openTime.filter((time) => time >= unseenFrom && time <= judgedUntil).length,
  }
}

/**
 * As many bars as the model's label reads ahead, so that the bars one verdict was about stay together; the cube root of
 * their number when that is more, which a resampled mean wants (Hall, Horowitz & Jing 1995).
 */
function blockOf({ manifest }: ModelVersion, series: CandleSeries, rows: number): number {
  const parameters = Object.entries(manifest.label.parameters).filter((entry): entry is [string, number] => {
    return typeof entry[1] === 'number'
  })
  const { maxReach } = labeler(manifest.label.name, Object.fromEntries(parameters)).label(series)
  return Math.max(maxReach, Math.ceil(Math.cbrt(rows)))
}

function luckOf(
  judged: JudgedStrategy,
  bars: Bars,
  { probabilities }: RowAnswers,
  tried: TriedTrials,
  { costs, draws, seed, rules }: BacktestChoices,
): LuckCheck {
  const returns = barReturns(judged.path.equity)
  const measured = { sharpe: sharpeOf(returns), returns: returns.length, ...shapeOf(returns) }
  return {
    rankAmongRandom: rankAmongRandom(bars, judged, costs, { draws, seed }),
    randomPolicies: draws,
    tried,
    deflatedSharpe: deflatedSharpe(measured, { trials: tried.total, variance: varianceWithoutSkill(returns.length) }),
    thresholds:
      bars.openTime.length < leastBarsForThresholds ? null : judgeThresholds(bars, probabilities, rules, costs),
  }
}
