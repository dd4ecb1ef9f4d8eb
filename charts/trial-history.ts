import { airyRange, axisLook, fontSize, type Paint } from './axes.ts'
import type { DrawnTrial } from './drawn-trial.ts'

export interface TrialHistory {
  readonly trials: readonly DrawnTrial[]
  /** Number of the trial to be marked; undefined while there is none. */
  readonly best: number | undefined
  /** Score of the naive number on the same folds, for a line of its own. */
  readonly naive?: number
}

/**
 * Every trial's score in the order they were proposed and the best so far, for ECharts: axes and series. Trials without a
 * score stand on the floor.
 */
export function trialHistory({ trials, best, naive }: TrialHistory, paint: Paint) {
  const scores = trials.flatMap(({ score }) => score ?? [])
  const { min, max } = airyRange(naive === undefined ? scores : [...scores, naive], 0.005)
  const last = Math.max(1, ...trials.map(({ number }) => number))
  const look = axisLook(paint)
  return {
    xAxis: {
      ...look,
      type: 'value' as const,
      min: 0,
      max: last,
      minInterval: 1,
      name: 'trial',
      nameLocation: 'middle' as const,
      nameGap: 26,
      splitLine: { show: false },
    },
    yAxis: {
      ...look,
      type: 'value' as const,
      min,
      max,
      axisLabel: {
        ...look.axisLabel,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (score: number) => score.toFixed(3),
      },
    },
    series: [...lines(trials, naive, last, paint), ...marks(trials, best, min, paint)],
  }
}

function lines(trials: readonly DrawnTrial[], naive: number | undefined, last: number, paint: Paint) {
  const line = { type: 'line' as const, symbol: 'none', silent: true }
  const level = (score: number) => ({
    ...line,
    data: [
      [0, score],
      [last, score],
    ],
    lineStyle: { width: 1.5, type: 'dashed' as const, color: paint.muted },
  })
  return [
    { ...line, step: 'end' as const, data: bestSoFar(trials), lineStyle: { width: 2, color: paint.accent } },
    ...(naive === undefined ? [] : [level(naive)]),
  ]
}

function marks(trials: readonly DrawnTrial[], best: number | undefined, floor: number, paint: Paint) {
  const marked = { type: 'scatter' as const, clip: false, z: 4 }
  const points = (state: DrawnTrial['state']) =>
    trials.filter((trial) => trial.state === state).map(({ number, score }) => [number, score ?? floor])
  const hollow = { color: paint.panel, borderColor: paint.muted, borderWidth: 1.5 }
  return [
    { ...marked, data: points('complete'), symbolSize: 7, itemStyle: { color: paint.buy, opacity: 0.8 } },
    { ...marked, data: points('pruned'), symbol: 'diamond', symbolSize: 9, itemStyle: hollow },
    { ...marked, data: points('failed'), symbol: cross, symbolSize: 9, itemStyle: { color: paint.sell } },
    {
      ...marked,
      data: trials.flatMap(({ number, score }) => (number === best && score !== null ? [[number, score]] : [])),
      symbol: star,
      symbolSize: 16,
      itemStyle: { color: paint.accent, borderColor: paint.panel, borderWidth: 1 },
      label: {
        show: true,
        position: 'top' as const,
        formatter: `trial ${best ?? ''}`,
        color: paint.accent,
        fontSize,
      },
      z: 5,
    },
  ]
}

const cross = 'path://M0 2L2 0L6 4L10 0L12 2L8 6L12 10L10 12L6 8L2 12L0 10L4 6Z'
const star = 'path://M6 0L7.6 4.1L12 4.4L8.6 7.2L9.7 11.5L6 9.1L2.3 11.5L3.4 7.2L0 4.4L4.4 4.1Z'

function bestSoFar(trials: readonly DrawnTrial[]): number[][] {
  let best = -Infinity
  return [...trials]
    .sort((a, b) => a.number - b.number)
    .flatMap(({ number, state, score }) => {
      if (state === 'complete' && score !== null) best = Math.max(best, score)
      return best === -Infinity ? [] : [[number, best]]
    })
}
