import { parameterAxis, placeOn, varyingAxes, type ParameterAxis } from '#charts'
import type { TrialRecord } from '#core/registry'
import type { ReportData } from '../report-data.ts'
import { paint } from '../tokens.ts'
import { four } from '../wording.ts'
import type { Figure } from './figure.ts'
import { parameterText } from './optimisation-history.ts'
import { parallelLook, scoreAxis } from './parallel-axes.ts'
import type { ChartOption, Size } from './svg.ts'

const scoreName = 'AUC'

/** One line a trial across its parameters and its score: where the good ones run together, the parameter matters. */
export function parallelCoordinatesFigure(data: ReportData): Figure {
  const axes = varyingAxes(data.trials)
  const best = data.trials.find((trial) => trial.number === data.bestTrial)
  const chosen = Object.entries(best?.parameters ?? {}).map(([name, value]) => `${name} ${parameterText(value)}`)
  return {
    id: 'parallel',
    title: 'Parallel coordinates of the trials',
    summary:
      `${data.trials.length} trials across ${axes.map((axis) => axis.name).join(', ')} and ${scoreName}. ` +
      `The best, trial ${data.bestTrial}, has ${chosen.join(', ')}` +
      `${typeof best?.score !== 'number' ? '' : ` and scores ${four(best.score)}`}.`,
    caption:
      'Lines of pruned and failed trials end before the score. Where the good lines run together, the parameter matters.',
    legend: [
      { shape: 'line', color: 'accent', text: `trial ${data.bestTrial}, the model` },
      { shape: 'line', color: 'buy', text: 'best tenth' },
      { shape: 'line', color: 'hold', text: 'the rest' },
      { shape: 'dotted', color: 'hold', text: 'pruned or failed' },
    ],
    wide: { width: 1100, height: 340 },
    narrow: { width: 360, height: 60 + 60 * (axes.length + 1) },
    draw: (size, form) => draw(data, axes, size, form === 'narrow'),
  }
}

function draw(data: ReportData, axes: readonly ParameterAxis[], size: Size, stacked: boolean): ChartOption {
  const scores = data.trials.flatMap((trial) => trial.score ?? [])
  const { best, good, rest, unscored } = grouped(data, scores)
  // Hundreds of lines at one strength would be a grey block.
  const faint = Math.max(0.15, Math.min(0.55, 30 / data.trials.length))
  const lines = (trials: readonly TrialRecord[], lineStyle: object) => ({
    type: 'parallel' as const,
    data: trials.map((trial) => [...axes.map((axis) => placeOn(axis, trial)), trial.score ?? '-']),
    lineStyle,
    emphasis: { disabled: true },
  })
  const parallelAxis = [...axes.map(parameterAxis), scoreAxis(scoreName, scores)]
  return {
    parallel: stacked
      ? { layout: 'vertical', left: 16, right: 22, top: 34, bottom: 30 }
      : { layout: 'horizontal', left: 44, right: 44, top: 40, bottom: 28 },
    parallelAxis: parallelAxis.map((axis, dim) => ({
      dim,
      ...parallelLook(stacked, size, parallelAxis.length),
      ...axis,
    })),
    series: [
      lines(unscored, { color: paint.hold, width: 1, opacity: faint, type: 'dotted' }),
      lines(rest, { color: paint.hold, width: 1, opacity: faint }),
      lines(good, { color: paint.buy, width: 1.5, opacity: 0.85 }),
      lines(best, { color: paint.accent, width: 3.5, opacity: 1 }),
    ],
  }
}

type Group = 'best' | 'good' | 'rest' | 'unscored'

/** Each trial in one group: the model's, the best tenth, the other complete ones, and those pruned or failed. */
function grouped({ trials, bestTrial }: ReportData, scores: readonly number[]): Readonly<Record<Group, TrialRecord[]>> {
  const ranked = [...scores].sort((a, b) => b - a)
  const tenth = ranked[Math.max(0, Math.ceil(ranked.length / 10) - 1)] ?? Infinity
  const groupOf = (trial: TrialRecord): Group => {
    if (trial.number === bestTrial) return 'best'
    if (trial.state !== 'complete' || trial.score === null) return 'unscored'
    return trial.score >= tenth ? 'good' : 'rest'
  }
  const of = (group: Group) => trials.filter((trial) => groupOf(trial) === group)
  return { best: of('best'), good: of('good'), rest: of('rest'), unscored: of('unscored') }
}
