import { fontSize } from '#charts'
import type { ReportData } from '../report-data.ts'
import { paint } from '../tokens.ts'
import { count } from '../../counted.ts'
import { axisLook } from './axes.ts'
import { table, type Figure } from './figure.ts'
import type { ChartOption, Size } from './svg.ts'

const shownColumns = 25

type Measured = ReportData['selection']['columns'][number]

/** Permutation importance of the strongest columns before selection, for buy and for sell, kept or dropped. */
export function importanceBeforeFigure({ selection }: ReportData): Figure {
  const ranked = [...selection.columns].sort((a, b) => strength(b) - strength(a)).slice(0, shownColumns)
  const kept = selection.columns.filter((column) => column.kept).length
  const first = ranked[0]
  return {
    id: 'importance-before',
    title: 'Importance before selection',
    summary:
      `Permutation importance of the ${ranked.length} strongest of ${count(selection.columns.length)} columns; ` +
      `${count(kept)} were kept.${first === undefined ? '' : ` The strongest is ${first.name}.`}`,
    caption: `How far average precision falls when a column is shuffled: the ${ranked.length} strongest of ${count(selection.columns.length)} columns, of which ${count(kept)} were kept and the others dropped (○, faded).`,
    legend: [
      { shape: 'bar', color: 'buy', text: '▲ buy' },
      { shape: 'bar', color: 'sell', text: '▼ sell' },
    ],
    wide: { width: 540, height: 40 + 25 * ranked.length },
    narrow: { width: 360, height: 40 + 25 * ranked.length },
    draw: (size) => drawBefore(ranked, size),
    numbers: table(
      ['column', 'buy', 'sell', 'kept'],
      ranked.map((column) => [column.name, column.up.toFixed(5), column.down.toFixed(5), column.kept ? 'yes' : 'no']),
      'Fall of average precision when shuffled',
    ),
  }
}

/** Total gain of the strongest columns in the model that was registered. */
export function importanceAfterFigure({ selection }: ReportData): Figure {
  const ranked = [...selection.finalGain].sort((a, b) => b.gain - a.gain).slice(0, shownColumns)
  const total = selection.finalGain.reduce((sum, column) => sum + column.gain, 0)
  const share = ranked.reduce((sum, column) => sum + column.gain, 0) / (total || 1)
  return {
    id: 'importance-after',
    title: 'Importance in the final model',
    summary:
      `Total gain of the ${ranked.length} strongest of ${count(selection.finalGain.length)} selected columns in the final model; ` +
      `together they carry ${(share * 100).toFixed(0)} % of the gain.${ranked[0] === undefined ? '' : ` The strongest is ${ranked[0].name}.`}`,
    caption: `Share of all gain: the ${ranked.length} strongest of ${count(selection.finalGain.length)} selected columns carry ${(share * 100).toFixed(0)} % of it.`,
    wide: { width: 540, height: 40 + 25 * ranked.length },
    narrow: { width: 360, height: 40 + 25 * ranked.length },
    draw: (size) => drawAfter(ranked, total, size),
    numbers: table(
      ['column', 'gain', 'share'],
      ranked.map((column) => [
        column.name,
        column.gain.toPrecision(5),
        `${((100 * column.gain) / (total || 1)).toFixed(1)} %`,
      ]),
      'Total gain in the final model',
    ),
  }
}

function strength(column: Measured): number {
  return Math.max(column.up, column.down)
}

function drawBefore(ranked: readonly Measured[], size: Size): ChartOption {
  const bars = (side: 'up' | 'down', color: string) => ({
    type: 'bar' as const,
    barGap: '0%',
    barCategoryGap: '30%',
    data: ranked.map((column) => ({ value: column[side], itemStyle: { color, opacity: column.kept ? 1 : 0.32 } })),
  })
  return {
    ...frame(
      ranked.map((column) => `${column.kept ? '' : '○ '}${column.name}`),
      size,
    ),
    series: [bars('up', paint.buy), bars('down', paint.sell)],
  }
}

function drawAfter(ranked: ReportData['selection']['finalGain'], total: number, size: Size): ChartOption {
  return {
    ...frame(
      ranked.map((column) => column.name),
      size,
      '%',
    ),
    series: [
      {
        type: 'bar',
        barCategoryGap: '38%',
        itemStyle: { color: paint.kept },
        data: ranked.map((column) => (100 * column.gain) / (total || 1)),
      },
    ],
  }
}

function frame(names: string[], size: Size, unit = ''): ChartOption {
  const labelWidth = Math.round(Math.max(0.38 * size.width, 164))
  return {
    grid: { left: labelWidth + 12, right: 22, top: 4, bottom: 28 },
    xAxis: {
      ...axisLook,
      type: 'value',
      splitNumber: 3,
      axisLabel: {
        ...axisLook.axisLabel,
        formatter: (value: number) => `${Number(value.toPrecision(4))}${unit && ` ${unit}`}`,
      },
    },
    yAxis: {
      ...axisLook,
      type: 'category',
      inverse: true,
      data: names,
      axisLabel: { color: paint.ink, fontSize: fontSize - 1, width: labelWidth, overflow: 'truncate', interval: 0 },
      splitLine: { show: false },
    },
  }
}
