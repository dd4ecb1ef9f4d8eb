import type { ReportData } from '../report-data.ts'
import { paint } from '../tokens.ts'
import { four } from '../wording.ts'
import { airyRange, fontSize } from './axes.ts'
import type { Figure } from './figure.ts'
import { parameterText } from './optimisation-history.ts'
import type { ChartOption, Size } from './svg.ts'

/** Above this ratio of largest to smallest value an axis is logarithmic. */
const logarithmicFrom = 50
const scoreName = 'AUC'

interface Axis {
  readonly name: string
  readonly categories: readonly string[] | null
  readonly log: boolean
}

/** One line a trial across its parameters and its score: where the good ones run together, the parameter matters. */
export function parallelCoordinatesFigure(data: ReportData): Figure {
  const axes = varyingAxes(data)
  const best = data.trials.find((trial) => trial.number === data.bestTrial)
  const chosen = Object.entries(best?.parameters ?? {}).map(([name, value]) => `${name} ${parameterText(value)}`)
  return {
    id: 'parallel',
    title: 'Parallel coordinates of the trials',
    summary:
      `${data.trials.length} trials across ${axes.map((axis) => axis.name).join(', ')} and ${scoreName}. ` +
      `The best, trial ${data.bestTrial}, has ${chosen.join(', ')}${typeof best?.score !== 'number' ? '' : ` and scores ${four(best.score)}`}.`,
    caption:
      'Lines of pruned and failed trials end before the score. Where the good lines run together, the parameter matters.',
    legend: [
      { shape: 'line', color: 'accent', text: `trial ${data.bestTrial}, the model` },
      { shape: 'line', color: 'buy', text: 'best tenth' },
      { shape: 'line', color: 'hold', text: 'the rest' },
      { shape: 'dotted', color: 'hold', text: 'pruned or failed' },
    ],
    wide: { width: 540, height: 330 },
    narrow: { width: 360, height: 60 + 60 * (axes.length + 1) },
    draw: (size, form) => draw(data, axes, size, form),
  }
}

function draw(
  { trials, bestTrial }: ReportData,
  axes: readonly Axis[],
  size: Size,
  form: 'wide' | 'narrow',
): ChartOption {
  const scores = trials.flatMap((trial) => (trial.score === null ? [] : [trial.score])).sort((a, b) => b - a)
  const tenth = scores[Math.max(0, Math.ceil(scores.length / 10) - 1)] ?? Infinity
  const rowOf = (trial: (typeof trials)[number]) => [
    ...axes.map((axis) =>
      axis.categories ? String(trial.parameters[axis.name]) : (trial.parameters[axis.name] ?? '-'),
    ),
    trial.score ?? '-',
  ]
  const isBest = (trial: (typeof trials)[number]) => trial.number === bestTrial
  const isGood = (trial: (typeof trials)[number]) => !isBest(trial) && trial.score !== null && trial.score >= tenth
  const lines = (
    which: typeof trials,
    color: string,
    width: number,
    opacity: number,
    type: 'solid' | 'dotted' = 'solid',
  ) => ({
    type: 'parallel' as const,
    data: which.map(rowOf),
    lineStyle: { color, width, opacity, type },
    emphasis: { disabled: true },
  })
  const others = trials.filter((trial) => !isBest(trial) && !isGood(trial))
  const vertical = form === 'narrow'
  return {
    parallel: {
      layout: vertical ? 'vertical' : 'horizontal',
      left: vertical ? 16 : 44,
      right: vertical ? 22 : 44,
      top: vertical ? 34 : 40,
      bottom: vertical ? 30 : 28,
      parallelAxisDefault: axisLook,
    },
    parallelAxis: [
      ...axes.map((axis, dim) => ({
        dim,
        name: axis.name,
        ...(axis.categories ? { type: 'category' as const, data: [...axis.categories] } : valueAxis(axis)),
        ...nameLook(vertical, size, axes.length + 1),
      })),
      { dim: axes.length, name: scoreName, ...scoreRange(scores), ...nameLook(vertical, size, axes.length + 1) },
    ],
    series: [
      lines(
        others.filter((trial) => trial.state !== 'complete'),
        paint.muted,
        1,
        0.45,
        'dotted',
      ),
      lines(
        others.filter((trial) => trial.state === 'complete'),
        paint.muted,
        1,
        0.35,
      ),
      lines(trials.filter(isGood), paint.buy, 1.5, 0.85),
      lines(trials.filter(isBest), paint.accent, 3.5, 1),
    ],
  }
}

const axisLook = {
  nameTextStyle: { color: paint.ink, fontSize },
  axisLine: { lineStyle: { color: paint.axis } },
  axisTick: { show: false },
  axisLabel: {
    color: paint.ink,
    fontSize: fontSize - 1,
    formatter: compact,
    textBorderColor: paint.panel,
    textBorderWidth: 3,
  },
  nameLocation: 'end' as const,
  nameGap: 14,
}

function nameLook(vertical: boolean, size: Size, axes: number): object {
  if (vertical)
    return {
      nameLocation: 'start',
      nameGap: 0,
      nameTextStyle: { align: 'left', verticalAlign: 'bottom', padding: [0, 0, 6, 0] },
    }
  return { nameTruncate: { maxWidth: Math.floor(size.width / axes) - 4, ellipsis: '…' } }
}

function compact(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : value
}

function valueAxis(axis: Axis): object {
  return axis.log ? { type: 'log' } : { type: 'value', scale: true, splitNumber: 4 }
}

function scoreRange(scores: readonly number[]): object {
  return scores.length === 0 ? { min: 0, max: 1 } : airyRange(scores, 0.002)
}

function varyingAxes({ trials }: ReportData): Axis[] {
  const names = Object.keys(trials[0]?.parameters ?? {})
  return names.flatMap((name) => {
    const values = trials.map((trial) => trial.parameters[name])
    const distinct = new Set(values)
    if (distinct.size < 2) return []
    const numbers = values.filter((value): value is number => typeof value === 'number')
    const categories = numbers.length === values.length ? null : [...distinct].map(String).sort()
    const low = Math.min(...numbers)
    return [{ name, categories, log: categories === null && low > 0 && Math.max(...numbers) / low >= logarithmicFrom }]
  })
}
