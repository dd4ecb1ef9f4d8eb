import type { MeasuredDifference, PromotionEvidence } from '#core/registry'
import { paint, type Token } from '../tokens.ts'
import { count } from '../../counted.ts'
import { axisLook } from './axes.ts'
import { table, type Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'

/** A measure of the gate as it is drawn: an interval against the line that its lower end must pass. */
interface Measure {
  readonly id: string
  readonly title: string
  readonly measured: MeasuredDifference
  /** What an end of the interval is held against. */
  readonly bar: number
  readonly end: 'lower' | 'upper'
  readonly caption: string
  readonly show: (value: number) => string
}

/** The two differences that the gate decided by, each an interval with its estimate; none where it measured nothing. */
export function promotionFigures(evidence: PromotionEvidence | null): Figure[] {
  if (evidence === null || evidence.afterFeeReturn === null || evidence.logLoss === null) return []
  const { afterFeeReturn, logLoss, against } = evidence
  const rival = against === 'champion' ? 'the champion' : 'doing nothing'
  const growth = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value * 100).toFixed(1)} %`
  const nats = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`
  return [
    figureOf(
      {
        id: 'gate-growth',
        title: `growth after costs, against ${rival}`,
        measured: afterFeeReturn,
        bar: afterFeeReturn.minimumEffect,
        end: 'lower',
        caption: `Log growth a year that the model earned more, on ${count(evidence.rows)} forward rows. Passes when the whole line lies right of the dashed one, at ${growth(afterFeeReturn.minimumEffect)}.`,
        show: growth,
      },
      evidence,
    ),
    figureOf(
      {
        id: 'gate-log-loss',
        title: `log loss, against ${rival}`,
        measured: logLoss,
        bar: 0,
        end: 'upper',
        caption: 'Nats of log loss that the model has less. Passes unless the whole line lies left of the dashed one.',
        show: nats,
      },
      evidence,
    ),
  ]
}

function figureOf(measure: Measure, { trials, block, draws }: PromotionEvidence): Figure {
  const { id, title, measured, bar, end, caption, show } = measure
  const passes = end === 'lower' ? measured.lower > bar : measured.upper >= bar
  const words = `${show(measured.difference)}, interval ${show(measured.lower)} to ${show(measured.upper)}`
  const color: Token = passes ? 'kept' : 'sell'
  const rows = [
    ['model', show(measured.challenger)],
    ['the other', show(measured.champion)],
    ['difference', show(measured.difference)],
    ['lower end', show(measured.lower)],
    ['upper end', show(measured.upper)],
    ['line', show(bar)],
    ['level of each end', measured.level.toFixed(6)],
    ['trials of this reign', count(trials)],
    ['block, draws', `${block}, ${count(draws)}`],
  ]
  return {
    id,
    title,
    summary: `${title}: difference ${words}, held against ${show(bar)}: ${passes ? 'passes' : 'does not pass'}.`,
    caption,
    legend: [
      { shape: 'dot', color, text: `${words}: ${passes ? 'passes' : 'does not pass'}` },
      { shape: 'dashed', color: 'muted', text: `line at ${show(bar)}` },
    ],
    wide: { width: 540, height: 96 },
    narrow: { width: 360, height: 96 },
    draw: () => draw(measure, paint[color]),
    numbers: table(['', 'value'], rows, 'What the gate measured'),
  }
}

function draw({ measured, bar, show }: Measure, color: string): ChartOption {
  const values = [measured.lower, measured.upper, bar, 0]
  const air = (Math.max(...values) - Math.min(...values)) * 0.06 || 0.01
  const line = (data: number[][], lineColor: string, width: number, type: 'solid' | 'dashed') => ({
    type: 'line' as const,
    data,
    symbol: 'none',
    lineStyle: { color: lineColor, width, type },
  })
  return {
    grid: { left: 16, right: 16, top: 8, bottom: 28 },
    xAxis: {
      ...axisLook,
      type: 'value',
      min: Math.min(...values) - air,
      max: Math.max(...values) + air,
      splitNumber: 4,
      axisLabel: { ...axisLook.axisLabel, showMinLabel: false, showMaxLabel: false, formatter: show },
    },
    yAxis: { ...axisLook, type: 'value', min: 0, max: 1, axisLabel: { show: false }, splitLine: { show: false } },
    series: [
      line(
        [
          [bar, 0],
          [bar, 1],
        ],
        paint.muted,
        1.5,
        'dashed',
      ),
      line(
        [
          [measured.lower, 0.5],
          [measured.upper, 0.5],
        ],
        color,
        3,
        'solid',
      ),
      { type: 'scatter', data: [[measured.difference, 0.5]], symbolSize: 12, itemStyle: { color } },
    ],
  }
}
