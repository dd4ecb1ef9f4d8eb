import { fontSize } from '#charts'
import { classProbabilities, verdictOf, verdicts, type Verdict } from '#core/verdict'
import type { ReportData } from '../report-data.ts'
import { paint, verdictMarks } from '../tokens.ts'
import { count } from '../../counted.ts'
import { barWidth, price, utcDay, utcDayOfMonth, utcMinute } from '../wording.ts'
import { axisLook } from './axes.ts'
import type { Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'

const barsShown = { wide: 240, narrow: 80 } as const

/** The last bars with what the model says of each it answered: price, verdict and volume. */
export function candlesFigure(data: ReportData): Figure {
  const answers = verdictsByRow(data)
  const shown = Math.min(barsShown.wide, data.series.rows)
  const from = data.series.rows - shown
  const tally = verdicts.map((verdict) => `${verdict} ${count(countOf(answers, verdict, from))}`).join(', ')
  return {
    id: 'candles',
    title: 'The last bars and their verdicts',
    summary:
      `Candles of the last ${shown} bars of ${data.series.symbol}, ${barWidth(data.series.widthMs)} wide, ` +
      `from ${utcMinute(data.series.openTime[from]!)} to ${utcMinute(data.newest.openTime)}. Verdicts among them: ${tally}. ` +
      `The newest bar says ${data.newest.verdict}.`,
    caption: `Hollow candles closed higher, solid ones lower. ▲ buy below the bar, ▼ sell above it; no mark means hold or a bar the model was trained on. Shaded: held-out bars and newer ones. Of the last ${shown} bars: ${tally}.`,
    legend: [
      { shape: 'up', color: 'buy', text: `buy (${count(countOf(answers, 'buy', from))})` },
      { shape: 'down', color: 'sell', text: `sell (${count(countOf(answers, 'sell', from))})` },
    ],
    wide: { width: 1100, height: 450 },
    narrow: { width: 360, height: 400 },
    draw: (_, form) => draw(data, answers, Math.min(barsShown[form], data.series.rows)),
  }
}

function draw(data: ReportData, answers: ReadonlyMap<number, Verdict>, shown: number): ChartOption {
  const { series } = data
  const rows = Array.from({ length: shown }, (_, i) => series.rows - shown + i)
  const low = Math.min(...rows.map((row) => series.low[row]!))
  const high = Math.max(...rows.map((row) => series.high[row]!))
  const offset = (high - low) * 0.022
  const marks = (verdict: 'buy' | 'sell') =>
    rows.flatMap((row, i) => {
      if (answers.get(row) !== verdict) return []
      return [[i, verdict === 'buy' ? series.low[row]! - offset : series.high[row]! + offset]]
    })
  const scatter = (verdict: 'buy' | 'sell') => ({
    type: 'scatter' as const,
    data: marks(verdict),
    symbol: verdictMarks[verdict].symbol,
    symbolRotate: verdictMarks[verdict].rotate,
    symbolSize: [7, 6],
    itemStyle: { color: paint[verdict], opacity: 1 },
    silent: false,
    z: 4,
  })
  const firstAnswered = rows.findIndex((row) => answers.has(row))
  const labels = rows.map((row) => utcDayOfMonth(series.openTime[row]!))
  return {
    grid: [
      { left: 62, right: 14, top: 8, bottom: 104 },
      { left: 62, right: 14, height: 52, bottom: 26 },
    ],
    xAxis: [
      { ...axisLook, type: 'category', data: labels, axisLabel: { show: false }, splitLine: { show: false } },
      { ...axisLook, type: 'category', data: labels, gridIndex: 1, splitLine: { show: false } },
    ],
    yAxis: [
      { ...axisLook, type: 'value', scale: true, min: low - 2 * offset, max: high + 2 * offset, axisLabel: priceLabel },
      { ...axisLook, type: 'value', gridIndex: 1, splitNumber: 1, axisLabel: volumeLabel, splitLine: { show: false } },
    ],
    series: [
      {
        type: 'candlestick',
        data: rows.map((row) => [series.open[row]!, series.close[row]!, series.low[row]!, series.high[row]!]),
        itemStyle: { color: paint.panel, color0: paint.muted, borderColor: paint.muted, borderColor0: paint.muted },
        barMaxWidth: 7,
        ...(firstAnswered >= 0 && {
          markArea: {
            silent: true,
            itemStyle: { color: paint.accent, opacity: 0.06 },
            data: [[{ xAxis: firstAnswered }, { xAxis: shown - 1 }]],
          },
        }),
      },
      scatter('buy'),
      scatter('sell'),
      {
        type: 'bar',
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: rows.map((row) => series.volume[row]!),
        itemStyle: { color: paint.hold, opacity: 0.7 },
        barCategoryGap: '25%',
      },
    ],
  }
}

const priceLabel = { ...axisLook.axisLabel, showMinLabel: false, showMaxLabel: false, formatter: price }
const volumeLabel = { ...axisLook.axisLabel, fontSize: fontSize - 1, showMinLabel: false, formatter: short }

function short(value: number): string {
  return value.toLocaleString('en-US', { notation: 'compact', maximumSignificantDigits: 2 })
}

function verdictsByRow({ answers, manifest, newest, series }: ReportData): ReadonlyMap<number, Verdict> {
  const byRow = new Map<number, Verdict>()
  answers.rowIndexes.forEach((row, i) => {
    const probabilities = classProbabilities(answers.probabilities.subarray(i * 3, i * 3 + 3))
    byRow.set(row, verdictOf(probabilities, manifest.contract.policy))
  })
  const newestRow = series.openTime.lastIndexOf(newest.openTime)
  return byRow.set(newestRow, newest.verdict)
}

function countOf(answers: ReadonlyMap<number, Verdict>, verdict: Verdict, from: number): number {
  return [...answers].filter(([row, said]) => row >= from && said === verdict).length
}

/** The span of a series in words. */
export function spanInWords({ series }: ReportData): string {
  return `${utcDay(series.openTime[0]!)} – ${utcDay(series.openTime[series.rows - 1]!)}`
}
