import { airyRange, fontSize, type Paint } from './axes.ts'
import type { DrawnTrial } from './drawn-trial.ts'
import { parameterAxis, placeOn, type ParameterAxis } from './parameter-axes.ts'

export interface ParallelCoordinates {
  readonly trials: readonly DrawnTrial[]
  readonly axes: readonly ParameterAxis[]
  /** Number of the trial to be marked; undefined while there is none. */
  readonly best: number | undefined
  readonly scoreName: string
  /** Axes one below the other, for narrow places, instead of side by side. */
  readonly stacked: boolean
  /** Room for the name of one axis, side by side, pixels. */
  readonly nameWidth: number
}

/** One line a trial across its parameters to its score, for ECharts: lines of trials without a score end before it. */
export function parallelCoordinates(of: ParallelCoordinates, paint: Paint) {
  const { trials, axes, best: marked, scoreName, stacked } = of
  const scores = trials.flatMap(({ score }) => score ?? [])
  const { best, good, rest, unscored } = grouped(trials, marked, scores)
  // Hundreds of lines at one strength would be a grey block.
  const faint = Math.max(0.15, Math.min(0.55, 30 / trials.length))
  const lines = (group: readonly DrawnTrial[], lineStyle: object) => ({
    type: 'parallel' as const,
    data: group.map((trial) => [...axes.map((axis) => placeOn(axis, trial)), trial.score ?? '-']),
    lineStyle,
    emphasis: { disabled: true },
  })
  const all: readonly object[] = [...axes.map(parameterAxis), { name: scoreName, ...airyRange(scores, 0.002) }]
  return {
    parallel: stacked
      ? { layout: 'vertical' as const, left: 16, right: 22, top: 34, bottom: 30 }
      : { layout: 'horizontal' as const, left: 44, right: 44, top: 40, bottom: 28 },
    parallelAxis: all.map((axis, dim) => ({ dim, ...look(of, paint), ...axis })),
    series: [
      lines(unscored, { color: paint.hold, width: 1, opacity: faint, type: 'dotted' }),
      lines(rest, { color: paint.hold, width: 1, opacity: faint }),
      lines(good, { color: paint.buy, width: 1.5, opacity: 0.85 }),
      lines(best, { color: paint.accent, width: 3.5, opacity: 1 }),
    ],
  }
}

/** Looks of every axis. Side by side their names stand on top and share the width; stacked, at the left above each. */
function look({ stacked, nameWidth }: ParallelCoordinates, paint: Paint): object {
  // Keeps words legible where lines cross them.
  const halo = { textBorderColor: paint.panel, textBorderWidth: 3 }
  const name = { color: paint.ink, fontSize }
  const shared = {
    axisLine: { lineStyle: { color: paint.axis } },
    axisTick: { show: false },
    axisLabel: { color: paint.ink, fontSize: fontSize - 1, formatter: compact, ...halo },
  }
  if (stacked) {
    const above = { ...name, ...halo, align: 'left', verticalAlign: 'bottom', padding: [0, 0, 6, 0] }
    return { ...shared, nameLocation: 'start', nameGap: 0, nameTextStyle: above }
  }
  const nameTruncate = { maxWidth: nameWidth, ellipsis: '…' }
  return { ...shared, nameLocation: 'end', nameGap: 14, nameTextStyle: name, nameTruncate }
}

function compact(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : value
}

type Group = 'best' | 'good' | 'rest' | 'unscored'

/** Each trial in one group: the marked one, the best tenth, the other complete ones, and those pruned or failed. */
function grouped(trials: readonly DrawnTrial[], best: number | undefined, scores: readonly number[]) {
  const ranked = [...scores].sort((a, b) => b - a)
  const tenth = ranked[Math.max(0, Math.ceil(ranked.length / 10) - 1)] ?? Infinity
  const groupOf = ({ number, state, score }: DrawnTrial): Group => {
    if (number === best) return 'best'
    if (state !== 'complete' || score === null) return 'unscored'
    return score >= tenth ? 'good' : 'rest'
  }
  const of = (group: Group) => trials.filter((trial) => groupOf(trial) === group)
  return { best: of('best'), good: of('good'), rest: of('rest'), unscored: of('unscored') }
}
