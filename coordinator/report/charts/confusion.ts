import { fontSize } from '#charts'
import { confusionMatrix, predictedTargets } from '#core/evaluation'
import { verdicts } from '#core/verdict'
import type { ReportData } from '../report-data.ts'
import { paint, verdictMarks } from '../tokens.ts'
import { count } from '../../counted.ts'
import { percent } from '../wording.ts'
import { axisLook } from './axes.ts'
import { table, type Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'

const names = verdicts.map((verdict) => `${verdictMarks[verdict].glyph} ${verdict}`)
/** Ink keeps a contrast above 4.5 on the darkest cell, in light and in dark. */
const deepest = 0.5

/** What the model said of each held-out bar against what the label says. */
export function confusionFigure({ heldOut, manifest }: ReportData): Figure {
  const said = predictedTargets(heldOut.probabilities, manifest.contract.policy)
  const counts = confusionMatrix(said, heldOut.target)
  const actual = counts.map(sum)
  const right = sum(counts.map((row, c) => row[c]!)) / heldOut.target.length
  const commonest = Math.max(...actual) / heldOut.target.length
  const words = `${percent(right)} of ${count(heldOut.target.length)} bars were called right; always saying the commonest verdict would get ${percent(commonest)}.`
  return {
    id: 'confusion',
    title: 'Confusion matrix',
    summary: `Confusion matrix on the held-out bars. ${words}`,
    caption: `${words} Rows add to 100 %.`,
    wide: { width: 540, height: 330 },
    narrow: { width: 360, height: 320 },
    draw: () => draw(counts, actual),
    numbers: table(
      ['actual', ...verdicts.map((verdict) => `said ${verdict}`), 'bars'],
      counts.map((row, c) => [verdicts[c]!, ...row.map(count), count(actual[c]!)]),
      'Held-out bars by actual and predicted verdict',
    ),
  }
}

function draw(counts: readonly (readonly number[])[], actual: readonly number[]): ChartOption {
  const share = (a: number, p: number) => counts[a]![p]! / (actual[a]! || 1)
  const cells = (which: (a: number, p: number) => boolean) =>
    counts.flatMap((row, a) => row.flatMap((_, p) => (which(a, p) ? [[p, a, share(a, p)]] : [])))
  const heat = (color: string, which: (a: number, p: number) => boolean) => ({
    type: 'heatmap' as const,
    data: cells(which),
    itemStyle: { color, borderColor: paint.panel, borderWidth: 3 },
  })
  // Shading reaches a series' labels too, so the words are a series of their own without fill.
  const words = {
    type: 'heatmap' as const,
    data: cells(() => true),
    itemStyle: { color: 'transparent' },
    label: {
      show: true,
      color: paint.ink,
      fontSize: fontSize + 2,
      lineHeight: 19,
      formatter: ({ value }: { value?: unknown }) => {
        const [p, a] = value as [number, number]
        return `${percent(share(a, p))}\n${count(counts[a]![p]!)}`
      },
    },
  }
  const shade = (seriesIndex: number, opacity: number[]) =>
    ({ type: 'continuous', show: false, min: 0, max: 1, seriesIndex, inRange: { opacity } }) as const
  const axis = {
    ...axisLook,
    type: 'category' as const,
    data: names,
    axisLine: { show: false },
    splitLine: { show: false },
    nameLocation: 'middle' as const,
    axisLabel: { color: paint.ink, fontSize },
  }
  return {
    grid: { left: 76, right: 12, top: 46, bottom: 8 },
    xAxis: { ...axis, position: 'top', name: 'the model said', nameGap: 28 },
    yAxis: { ...axis, inverse: true, name: 'the label says', nameGap: 60 },
    visualMap: [shade(0, [0.04, deepest]), shade(1, [0.04, deepest]), shade(2, [1, 1])],
    series: [heat(paint.kept, (a, p) => a === p), heat(paint.sell, (a, p) => a !== p), words],
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
