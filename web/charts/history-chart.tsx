import { useMemo } from 'react'
import type { Trial } from '../api/shapes.ts'
import type { Theme } from '../state/use-theme.ts'
import { four } from '../words/numbers.ts'
import { bestTrial, tallyOf } from './trial-figures.ts'
import { Chart } from './chart.tsx'
import { airyRange, axisLook, fontSize, tooltipLook } from './looks.ts'
import { fontFamily, paintOf } from './paint.ts'

interface HistoryChartProps {
  readonly trials: readonly Trial[]
  readonly theme: Theme
}

/** Every trial's score in the order they were proposed, and the best so far. */
export function HistoryChart({ trials, theme }: HistoryChartProps) {
  const option = useMemo(() => optionOf(trials, theme), [trials, theme])
  const best = bestTrial(trials)
  const summary =
    `Scores of ${trials.length} trials: ${tallyOf(trials)}.` +
    (best === undefined ? '' : ` The best is trial ${best.number} with ${four(best.score!)}.`)
  return <Chart className="history-chart" option={option} summary={summary} />
}

function optionOf(trials: readonly Trial[], theme: Theme) {
  const paint = paintOf(theme)
  const look = axisLook(paint)
  const scores = trials.flatMap((trial) => trial.score ?? [])
  const { min, max } = scores.length === 0 ? { min: 0, max: 1 } : airyRange(scores, 0.005)
  const last = Math.max(1, ...trials.map((trial) => trial.number))
  const best = bestTrial(trials)
  const points = (state: Trial['state']) =>
    trials.filter((trial) => trial.state === state).map((trial) => [trial.number, trial.score ?? min])
  const marked = { type: 'scatter' as const, clip: false, z: 4 }
  return {
    textStyle: { fontFamily: fontFamily() },
    grid: { left: 52, right: 16, top: 18, bottom: 40 },
    tooltip: {
      ...tooltipLook(paint),
      trigger: 'item',
      formatter: ({ value }: { readonly value: readonly [number, number] }) => {
        const trial = trials.find(({ number }) => number === value[0])
        const score = typeof trial?.score === 'number' ? four(trial.score) : (trial?.state ?? '')
        return `trial ${value[0]}  ${score}`
      },
    },
    xAxis: {
      ...look,
      type: 'value',
      min: 0,
      max: last,
      minInterval: 1,
      name: 'trial',
      nameLocation: 'middle',
      nameGap: 26,
      splitLine: { show: false },
    },
    yAxis: {
      ...look,
      type: 'value',
      min,
      max,
      axisLabel: { ...look.axisLabel, formatter: (score: number) => score.toFixed(3) },
    },
    series: [
      {
        type: 'line',
        step: 'end',
        data: bestSoFar(trials),
        symbol: 'none',
        silent: true,
        lineStyle: { width: 2, color: paint.accent },
      },
      { ...marked, data: points('complete'), symbolSize: 7, itemStyle: { color: paint.buy, opacity: 0.8 } },
      {
        ...marked,
        data: points('pruned'),
        symbol: 'diamond',
        symbolSize: 9,
        itemStyle: { color: paint.panel, borderColor: paint.muted, borderWidth: 1.5 },
      },
      { ...marked, data: points('failed'), symbol: cross, symbolSize: 9, itemStyle: { color: paint.sell } },
      {
        ...marked,
        data: best === undefined ? [] : [[best.number, best.score]],
        symbol: star,
        symbolSize: 16,
        itemStyle: { color: paint.accent, borderColor: paint.panel, borderWidth: 1 },
        label: { show: true, position: 'top', formatter: `trial ${best?.number ?? ''}`, color: paint.accent, fontSize },
        z: 5,
      },
    ],
  }
}

const cross = 'path://M0 2L2 0L6 4L10 0L12 2L8 6L12 10L10 12L6 8L2 12L0 10L4 6Z'
const star = 'path://M6 0L7.6 4.1L12 4.4L8.6 7.2L9.7 11.5L6 9.1L2.3 11.5L3.4 7.2L0 4.4L4.4 4.1Z'

function bestSoFar(trials: readonly Trial[]): number[][] {
  let best = -Infinity
  return [...trials]
    .sort((a, b) => a.number - b.number)
    .flatMap((trial) => {
      if (trial.state === 'complete' && trial.score !== null) best = Math.max(best, trial.score)
      return best === -Infinity ? [] : [[trial.number, best]]
    })
}
