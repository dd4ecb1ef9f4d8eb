import { classColumn, positivesOf } from '#core/evaluation'
import { verdicts } from '#core/verdict'
import type { ReportData } from '../report-data.ts'
import { paint, verdictMarks } from '../tokens.ts'
import { count, percent } from '../wording.ts'
import { table, type Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'
import { diagonal, shareAxis } from './unit-square.ts'

const groups = 8

interface Group {
  readonly predicted: number
  readonly observed: number
  readonly bars: number
}

/** Are the probabilities what they say? Held-out bars in equal groups by predicted probability, for each class. */
export function calibrationFigure({ heldOut }: ReportData): Figure {
  const curves = verdicts.map((_, c) => grouped(classColumn(heldOut.probabilities, c), positivesOf(heldOut.target, c)))
  const off = verdicts.map((verdict, c) => `${verdict} ${percent(meanGap(curves[c]!))}`).join(', ')
  return {
    id: 'calibration',
    title: 'Calibration',
    summary: `Observed frequency against predicted probability in ${groups} equal groups a class. Mean distance from the diagonal: ${off}.`,
    caption: `On the diagonal a predicted 60 % comes true 60 % of the time. Mean distance from it: ${off}. Each mark is about ${count(Math.round(heldOut.target.length / groups))} bars.`,
    legend: verdicts.map((verdict) => ({ shape: verdictMarks[verdict].legend, color: verdict, text: verdict })),
    wide: { width: 540, height: 330 },
    narrow: { width: 360, height: 330 },
    draw: () => draw(curves),
    numbers: table(
      ['class', 'predicted', 'observed', 'bars'],
      curves.flatMap((curve, c) =>
        curve.map((group) => [verdicts[c]!, percent(group.predicted), percent(group.observed), count(group.bars)]),
      ),
      'Predicted probability and observed frequency',
    ),
  }
}

function draw(curves: readonly (readonly Group[])[]): ChartOption {
  const axis = { ...shareAxis, axisLabel: { ...shareAxis.axisLabel, formatter: percent } }
  return {
    grid: { left: 60, right: 16, top: 10, bottom: 44 },
    xAxis: { ...axis, name: 'predicted', nameGap: 26 },
    yAxis: { ...axis, name: 'observed', nameGap: 44 },
    series: [
      diagonal,
      ...verdicts.map((verdict, c) => ({
        type: 'line' as const,
        data: curves[c]!.map((group) => [group.predicted, group.observed]),
        symbol: verdictMarks[verdict].symbol,
        symbolRotate: verdictMarks[verdict].rotate,
        symbolSize: 9,
        lineStyle: { color: paint[verdict], width: 1.75 },
        itemStyle: { color: paint[verdict] },
      })),
    ],
  }
}

function grouped(predicted: Float64Array, positives: Uint8Array): Group[] {
  const order = Array.from(predicted.keys()).sort((a, b) => predicted[a]! - predicted[b]!)
  const size = order.length / groups
  return Array.from({ length: groups }, (_, g) => order.slice(Math.round(g * size), Math.round((g + 1) * size)))
    .filter((rows) => rows.length > 0)
    .map((rows) => ({
      predicted: rows.reduce((sum, row) => sum + predicted[row]!, 0) / rows.length,
      observed: rows.reduce((sum, row) => sum + positives[row]!, 0) / rows.length,
      bars: rows.length,
    }))
}

/** Expected calibration error (Naeini et al. 2015) over the groups, in [0, 1]. */
function meanGap(curve: readonly Group[]): number {
  const bars = curve.reduce((sum, group) => sum + group.bars, 0)
  return curve.reduce((sum, group) => sum + group.bars * Math.abs(group.predicted - group.observed), 0) / bars
}
