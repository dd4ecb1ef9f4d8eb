import type { ReportData } from '../report-data.ts'
import { paint } from '../tokens.ts'
import { count } from '../../counted.ts'
import { four } from '../wording.ts'
import { airyRange, axisLook, fontSize } from './axes.ts'
import { table, type Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'

/** Every trial's score in the order they ran, the best so far, and what the naive number scores on the same folds. */
export function optimisationHistoryFigure(data: ReportData): Figure {
  const complete = data.trials.filter((trial) => trial.state === 'complete').length
  const pruned = data.trials.filter((trial) => trial.state === 'pruned').length
  const failed = data.trials.length - complete - pruned
  const tally = `${count(complete)} complete, ${count(pruned)} pruned, ${count(failed)} failed`
  const best = data.trials.find((trial) => trial.number === data.bestTrial)
  return {
    id: 'history',
    title: 'Optimisation history',
    summary:
      `Cross-validated AUC of ${count(data.trials.length)} trials: ${tally}. ` +
      `The best is trial ${data.bestTrial}${typeof best?.score !== 'number' ? '' : ` with ${four(best.score)}`}; ` +
      `the naive number scores ${four(data.manifest.crossValidation.naiveRocAucOvrWeighted)} on the same folds.`,
    caption: `Cross-validated AUC by trial: ${tally}. Trials without a score stand on the floor of the chart.`,
    legend: [
      { shape: 'line', color: 'accent', text: 'best so far' },
      { shape: 'dashed', color: 'muted', text: 'naive number' },
      { shape: 'dot', color: 'buy', text: 'complete' },
      { shape: 'diamond', color: 'muted', text: 'pruned' },
      { shape: 'cross', color: 'sell', text: 'failed' },
    ],
    wide: { width: 1100, height: 320 },
    narrow: { width: 360, height: 320 },
    draw: () => draw(data),
    numbers: trialsTable(data),
  }
}

function draw({ trials, bestTrial, manifest }: ReportData): ChartOption {
  const naive = manifest.crossValidation.naiveRocAucOvrWeighted
  const scores = trials.flatMap((trial) => (trial.score === null ? [] : [trial.score]))
  const { min, max } = airyRange([...scores, naive], 0.005)
  const last = Math.max(1, ...trials.map((trial) => trial.number))
  const points = (state: 'complete' | 'pruned' | 'failed') =>
    trials.filter((trial) => trial.state === state).map((trial) => [trial.number, trial.score ?? min])
  const marked = { type: 'scatter' as const, clip: false, z: 4 }
  return {
    grid: { left: 54, right: 16, top: 18, bottom: 40 },
    xAxis: {
      ...axisLook,
      type: 'value',
      min: 0,
      max: last,
      minInterval: 1,
      name: 'trial',
      nameLocation: 'middle',
      nameGap: 26,
      splitLine: { show: false },
    },
    yAxis: { ...axisLook, type: 'value', min, max, axisLabel: { ...axisLook.axisLabel, formatter: threeDecimals } },
    series: [
      {
        type: 'line',
        step: 'end',
        data: bestSoFar(trials),
        symbol: 'none',
        lineStyle: { width: 2, color: paint.accent },
      },
      {
        type: 'line',
        data: [
          [0, naive],
          [last, naive],
        ],
        symbol: 'none',
        lineStyle: { width: 1.5, type: 'dashed', color: paint.muted },
      },
      {
        ...marked,
        data: points('complete'),
        symbolSize: 6,
        itemStyle: { color: paint.buy, opacity: 0.8 },
      },
      {
        ...marked,
        data: points('pruned'),
        symbol: 'diamond',
        symbolSize: 8,
        itemStyle: { color: paint.panel, borderColor: paint.muted, borderWidth: 1.5 },
      },
      {
        ...marked,
        data: points('failed'),
        symbol: cross,
        symbolSize: 8,
        itemStyle: { color: paint.sell },
      },
      {
        ...marked,
        data: trials
          .filter((trial) => trial.number === bestTrial && trial.score !== null)
          .map((trial) => [trial.number, trial.score!]),
        symbol: star,
        symbolSize: 15,
        itemStyle: { color: paint.accent, borderColor: paint.panel, borderWidth: 1 },
        label: { show: true, position: 'top', formatter: `trial ${bestTrial}`, color: paint.accent, fontSize },
        z: 5,
      },
    ],
  }
}

const cross = 'path://M0 2L2 0L6 4L10 0L12 2L8 6L12 10L10 12L6 8L2 12L0 10L4 6Z'
const star = 'path://M6 0L7.6 4.1L12 4.4L8.6 7.2L9.7 11.5L6 9.1L2.3 11.5L3.4 7.2L0 4.4L4.4 4.1Z'

function threeDecimals(value: number): string {
  return value.toFixed(3)
}

function bestSoFar(trials: ReportData['trials']): number[][] {
  let best = -Infinity
  return [...trials]
    .sort((a, b) => a.number - b.number)
    .flatMap((trial) => {
      if (trial.state === 'complete' && trial.score !== null) best = Math.max(best, trial.score)
      return best === -Infinity ? [] : [[trial.number, best]]
    })
}

function trialsTable({ trials }: ReportData) {
  const ranked = [...trials].sort((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity) || a.number - b.number)
  const shown = ranked.slice(0, 10)
  const names = Object.keys(shown[0]?.parameters ?? {})
  return table(
    ['trial', 'AUC', 'state', ...names],
    shown.map((trial) => [
      String(trial.number),
      trial.score === null ? '–' : four(trial.score),
      trial.state,
      ...names.map((name) => parameterText(trial.parameters[name])),
    ]),
    `The ${shown.length} best of ${trials.length} trials`,
  )
}

/** A parameter as a person reads it: four significant digits, words as they are. */
export function parameterText(value: number | string | undefined): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : (value ?? '–')
}
