import { useMemo, useSyncExternalStore } from 'react'
import type { Trial } from '../api/shapes.ts'
import type { Theme } from '../state/use-theme.ts'
import { bestTrial } from './trial-figures.ts'
import { Chart } from './chart.tsx'
import { airyRange, fontSize } from './looks.ts'
import { fontFamily, paintOf, type Paint } from './paint.ts'
import { parameterAxis, placeOn, varyingAxes, type ParameterAxis } from '#charts'

interface ParallelChartProps {
  readonly trials: readonly Trial[]
  readonly theme: Theme
}

const phone = window.matchMedia('(max-width: 720px)')

/** One line a trial across its parameters to its score: where the good ones run together, the parameter matters. */
export function ParallelChart({ trials, theme }: ParallelChartProps) {
  const stacked = useSyncExternalStore(followPhone, () => phone.matches)
  const axes = useMemo(() => varyingAxes(trials), [trials])
  const option = useMemo(() => optionOf(trials, axes, theme, stacked), [trials, axes, theme, stacked])
  const best = bestTrial(trials)
  return (
    <>
      <ul className="legend">
        <li className="accent-line">
          <i aria-hidden="true" /> best{best === undefined ? '' : `, trial ${best.number}`}
        </li>
        <li className="buy-line">
          <i aria-hidden="true" /> best tenth
        </li>
        <li>
          <i aria-hidden="true" /> the rest
        </li>
        <li>
          <i className="is-dashed" aria-hidden="true" /> pruned or failed
        </li>
      </ul>
      <Chart
        className={`parallel-chart ${stacked ? 'is-stacked' : ''}`}
        option={option}
        summary={`${trials.length} trials across ${axes.map((axis) => axis.name).join(', ')} and their score.`}
      />
    </>
  )
}

function followPhone(changed: () => void): () => void {
  phone.addEventListener('change', changed)
  return () => {
    phone.removeEventListener('change', changed)
  }
}

function optionOf(trials: readonly Trial[], axes: readonly ParameterAxis[], theme: Theme, stacked: boolean) {
  const paint = paintOf(theme)
  const scores = trials.flatMap((trial) => trial.score ?? [])
  const { best, good, rest, unscored } = grouped(trials, scores)
  // Hundreds of lines at one strength would be a grey block.
  const faint = Math.max(0.15, Math.min(0.55, 30 / trials.length))
  const lines = (of: readonly Trial[], lineStyle: object) => ({
    type: 'parallel' as const,
    data: of.map((trial) => [...axes.map((axis) => placeOn(axis, trial)), trial.score ?? '-']),
    lineStyle,
    emphasis: { disabled: true },
  })
  const scoreAxis = { name: 'score', ...(scores.length === 0 ? { min: 0, max: 1 } : airyRange(scores, 0.002)) }
  return {
    textStyle: { fontFamily: fontFamily() },
    parallel: stacked
      ? { layout: 'vertical', left: 16, right: 22, top: 34, bottom: 30 }
      : { layout: 'horizontal', left: 44, right: 44, top: 40, bottom: 28 },
    parallelAxis: [...axes.map(parameterAxis), scoreAxis].map((axis, dim) => ({
      dim,
      ...look(paint, stacked),
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

function look(paint: Paint, stacked: boolean): object {
  // Keeps words legible where lines cross them.
  const halo = { textBorderColor: paint.panel, textBorderWidth: 3 }
  const name = { color: paint.ink, fontSize }
  return {
    axisLine: { lineStyle: { color: paint.axis } },
    axisTick: { show: false },
    axisLabel: { color: paint.ink, fontSize: fontSize - 1, formatter: short, ...halo },
    ...(stacked
      ? {
          nameLocation: 'start',
          nameGap: 0,
          nameTextStyle: { ...name, ...halo, align: 'left', verticalAlign: 'bottom', padding: [0, 0, 6, 0] },
        }
      : { nameLocation: 'end', nameGap: 14, nameTextStyle: name, nameTruncate: { maxWidth: 110, ellipsis: '…' } }),
  }
}

function short(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : value
}

type Group = 'best' | 'good' | 'rest' | 'unscored'

/** Each trial in one group: the best, the best tenth, the other complete ones, and those pruned or failed. */
function grouped(trials: readonly Trial[], scores: readonly number[]): Readonly<Record<Group, Trial[]>> {
  const ranked = [...scores].sort((a, b) => b - a)
  const tenth = ranked[Math.max(0, Math.ceil(ranked.length / 10) - 1)] ?? Infinity
  const best = bestTrial(trials)
  const groupOf = (trial: Trial): Group => {
    if (trial === best) return 'best'
    if (trial.state !== 'complete' || trial.score === null) return 'unscored'
    return trial.score >= tenth ? 'good' : 'rest'
  }
  const of = (group: Group): Trial[] => trials.filter((trial) => groupOf(trial) === group)
  return { best: of('best'), good: of('good'), rest: of('rest'), unscored: of('unscored') }
}
