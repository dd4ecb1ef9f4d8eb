import { reliabilityGroups, reliabilityGroupsOf, type ReliabilityGroup } from '#core/calibration'
import { classColumn, positivesOf } from '#core/evaluation'
import { verdicts } from '#core/verdict'
import type { ReportData } from '../report-data.ts'
import { paint, verdictMarks } from '../tokens.ts'
import { count } from '../../counted.ts'
import { percent } from '../wording.ts'
import { table, type Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'
import { diagonal, shareAxis } from './unit-square.ts'

/** Are the probabilities what they say? Held-out bars in equal groups by predicted probability, for each class. */
export function calibrationFigure({ heldOut }: ReportData): Figure {
  return figure('calibration', 'Calibration', heldOut.probabilities, heldOut.target)
}

/** The same of what the trees said before calibration. */
export function uncalibratedFigure({ heldOut }: ReportData): Figure {
  return figure('calibration-before', 'Before calibration', heldOut.raw, heldOut.target)
}

function figure(id: string, title: string, probabilities: Float64Array, target: Int8Array): Figure {
  const curves = verdicts.map((_, c) =>
    reliabilityGroupsOf(classColumn(probabilities, c), positivesOf(target, c), reliabilityGroups),
  )
  const off = verdicts.map((verdict, c) => `${verdict} ${percent(meanGap(curves[c]!))}`).join(', ')
  return {
    id,
    title,
    summary: `Observed frequency against predicted probability in ${reliabilityGroups} equal groups a class. Mean distance from the diagonal: ${off}.`,
    caption: `On the diagonal a predicted 60 % comes true 60 % of the time. Mean distance from it: ${off}. Each mark is about ${count(Math.round(target.length / reliabilityGroups))} bars.`,
    legend: verdicts.map((verdict) => ({ shape: verdictMarks[verdict].legend, color: verdict, text: verdict })),
    wide: { width: 540, height: 330 },
    narrow: { width: 360, height: 330 },
    draw: () => draw(curves),
    numbers: table(
      ['class', 'predicted', 'observed', 'bars'],
      curves.flatMap((curve, c) =>
        curve.map((group) => [verdicts[c]!, percent(group.predicted), percent(group.observed), count(group.rows)]),
      ),
      'Predicted probability and observed frequency',
    ),
  }
}

function draw(curves: readonly (readonly ReliabilityGroup[])[]): ChartOption {
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

/** Expected calibration error (Naeini et al. 2015) over the groups, in [0, 1]. */
function meanGap(curve: readonly ReliabilityGroup[]): number {
  const bars = curve.reduce((sum, group) => sum + group.rows, 0)
  return curve.reduce((sum, group) => sum + group.rows * Math.abs(group.predicted - group.observed), 0) / bars
}
