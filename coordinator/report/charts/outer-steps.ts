import { airyRange, fontSize } from '#charts'
import type { OutOfSampleRecord } from '#core/registry'
import { paint } from '../tokens.ts'
import { count } from '../../counted.ts'
import { four, signed, utcDay } from '../wording.ts'
import { axisLook } from './axes.ts'
import { table, type Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'

/** The score of each outer step on the rows after its window, beside the naive number on the same rows. */
export function outerStepsFigure({ steps, score, window }: OutOfSampleRecord): Figure {
  const ahead = steps.filter((step) => step.score.lift > 0).length
  const words = `${count(ahead)} of ${count(steps.length)} steps rank better than the naive number; over all their rows together the lift is ${signed(score.lift)}`
  return {
    id: 'outer-steps',
    title: 'Outer steps',
    summary: `AUC of ${count(steps.length)} outer steps on the rows after their windows. ${words}.`,
    caption: `AUC of each step on rows that nothing of its model had seen: ${words}. Windows are ${window}.`,
    legend: [
      { shape: 'dot', color: 'accent', text: 'model' },
      { shape: 'diamond', color: 'muted', text: 'naive number' },
    ],
    wide: { width: 1100, height: 260 },
    narrow: { width: 360, height: 260 },
    draw: () => draw(steps),
    numbers: stepTable(steps),
  }
}

function draw(steps: OutOfSampleRecord['steps']): ChartOption {
  const model = steps.map(({ score }) => score.rocAucOvrWeighted)
  const naive = steps.map(({ score }) => score.naiveRocAucOvrWeighted)
  const line = (data: readonly number[], color: string, symbol: string, type: 'solid' | 'dashed') => ({
    type: 'line' as const,
    data: [...data],
    symbol,
    symbolSize: 9,
    lineStyle: { color, width: 1.75, type },
    itemStyle: { color },
  })
  return {
    grid: { left: 56, right: 16, top: 12, bottom: 36 },
    xAxis: {
      ...axisLook,
      type: 'category',
      data: steps.map(({ step }) => String(step)),
      name: 'step',
      nameGap: 22,
      nameLocation: 'middle',
    },
    yAxis: {
      ...axisLook,
      ...airyRange([...model, ...naive], 0.02),
      type: 'value',
      axisLabel: { color: paint.muted, fontSize, formatter: (value: number) => value.toFixed(2) },
    },
    series: [line(naive, paint.muted, 'diamond', 'dashed'), line(model, paint.accent, 'circle', 'solid')],
  }
}

function stepTable(steps: OutOfSampleRecord['steps']) {
  const rows = steps.map(({ step, trainRows, firstOpenTime, lastOpenTime, score }) => [
    String(step),
    count(trainRows),
    `${utcDay(firstOpenTime)} to ${utcDay(lastOpenTime)}`,
    count(score.rows),
    four(score.rocAucOvrWeighted),
    four(score.naiveRocAucOvrWeighted),
    signed(score.lift),
    four(score.logLoss),
  ])
  return table(
    ['step', 'rows learned from', 'tested', 'rows tested', 'AUC', 'naive AUC', 'lift', 'log loss'],
    rows,
    'Outer steps: each model was made from rows before those it was tested on',
  )
}
