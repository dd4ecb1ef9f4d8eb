import { drawdowns, type JudgedStrategy } from '#core/backtest'
import { paint, type Token } from '../tokens.ts'
import { percent, utcDay } from '../wording.ts'
import { axisLook } from './axes.ts'
import type { Figure } from './figure.ts'
import type { LegendEntry } from './legend.ts'
import type { ChartOption } from './svg.ts'

/** Paths over the same bars. */
export interface PathsData {
  readonly openTime: Float64Array
  readonly strategies: readonly JudgedStrategy[]
}

/** Points drawn of a path: finer steps are below two pixels. */
const points = { wide: 550, narrow: 180 } as const

const looks: readonly {
  readonly color: Token
  readonly shape: 'line' | 'dashed' | 'dotted'
  readonly width: number
}[] = [
  { color: 'accent', shape: 'line', width: 2.25 },
  { color: 'muted', shape: 'dashed', width: 1.5 },
  { color: 'kept', shape: 'dotted', width: 1.5 },
  { color: 'sell', shape: 'dashed', width: 1.5 },
  { color: 'ink', shape: 'line', width: 1 },
]

/** What one unit became, after costs. */
export function equityFigure({ openTime, strategies }: PathsData): Figure {
  const ends = strategies.map(({ name, path }) => `${name} ${path.equity.at(-1)!.toFixed(2)}`).join(', ')
  return {
    id: 'equity',
    title: 'What 1 became',
    summary: `Equity after costs from ${span(openTime)}, each strategy beginning with 1. At the end: ${ends}.`,
    caption: `Equity after costs on a logarithmic scale; at the end ${ends}.`,
    legend: legendOf(strategies),
    wide: { width: 1100, height: 380 },
    narrow: { width: 360, height: 300 },
    draw: (_, form) =>
      draw(
        openTime,
        strategies.map(({ path }) => path.equity),
        points[form],
        { type: 'log', logBase: 2 },
        (value) => String(Number(value.toPrecision(3))),
      ),
  }
}

/** How far below its own peak each strategy stood. */
export function drawdownFigure({ openTime, strategies }: PathsData): Figure {
  const falls = strategies.map(({ path }) => drawdowns(path.equity).map((depth) => -depth))
  const deepest = strategies.map(({ name, performance }) => `${name} ${percent(performance.maxDrawdown)}`).join(', ')
  return {
    id: 'drawdown',
    title: 'Below the peak',
    summary: `Fall of each strategy from its highest equity so far, from ${span(openTime)}. Deepest: ${deepest}.`,
    caption: `Distance from the highest equity so far. Deepest: ${deepest}.`,
    legend: legendOf(strategies),
    wide: { width: 1100, height: 240 },
    narrow: { width: 360, height: 220 },
    draw: (_, form) => draw(openTime, falls, points[form], { type: 'value', max: 0 }, (value) => percent(value)),
  }
}

function draw(
  openTime: Float64Array,
  paths: readonly Float64Array[],
  limit: number,
  scale: { readonly type: 'log'; readonly logBase: number } | { readonly type: 'value'; readonly max: number },
  formatter: (value: number) => string,
): ChartOption {
  const step = Math.max(1, Math.ceil(openTime.length / limit))
  const rows = Array.from(openTime.keys()).filter((row) => row % step === 0 || row === openTime.length - 1)
  // A logarithm has no zero: a ruined account is drawn at a thousandth.
  const shown = (value: number) => Number((scale.type === 'log' ? Math.max(value, 1e-3) : value).toPrecision(5))
  return {
    grid: { left: 56, right: 14, top: 10, bottom: 30 },
    xAxis: {
      ...axisLook,
      type: 'category',
      data: rows.map((row) => utcDay(openTime[row]!)),
      splitLine: { show: false },
      boundaryGap: false,
    },
    yAxis: { ...axisLook, ...scale, axisLabel: { ...axisLook.axisLabel, formatter } },
    series: paths.map((path, i) => ({
      type: 'line' as const,
      data: rows.map((row) => shown(path[row]!)),
      symbol: 'none',
      lineStyle: { color: paint[lookOf(i).color], width: lookOf(i).width, type: lineTypes[lookOf(i).shape] },
      z: paths.length - i,
    })),
  }
}

const lineTypes = { line: 'solid', dashed: 'dashed', dotted: 'dotted' } as const

function lookOf(i: number) {
  return looks[Math.min(i, looks.length - 1)]!
}

function legendOf(strategies: readonly JudgedStrategy[]): LegendEntry[] {
  return strategies.map(({ name }, i) => ({ shape: lookOf(i).shape, color: lookOf(i).color, text: name }))
}

function span(openTime: Float64Array): string {
  return `${utcDay(openTime[0]!)} to ${utcDay(openTime.at(-1)!)}`
}
