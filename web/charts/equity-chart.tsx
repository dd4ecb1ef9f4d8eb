import { useMemo } from 'react'
import type { EquityPoint } from '../api/shapes.ts'
import type { Theme } from '../state/use-theme.ts'
import { signedPercent } from '../words/numbers.ts'
import { day, minute, shortDay } from '../words/times.ts'
import { Chart } from './chart.tsx'
import { axisLook, fontSize } from '#charts'
import { tooltipLook } from './looks.ts'
import { fontFamily, paintOf } from './paint.ts'

/** Gain in percent of both ways, from the first verdict on. */
export function EquityChart({ points, theme }: { readonly points: readonly EquityPoint[]; readonly theme: Theme }) {
  const option = useMemo(() => optionOf(points, theme), [points, theme])
  return <Chart className="equity-chart" option={option} summary={summaryOf(points)} />
}

const gainOf = (worth: number): number => (worth - 1) * 100

function optionOf(points: readonly EquityPoint[], theme: Theme) {
  const paint = paintOf(theme)
  const look = axisLook(paint)
  const line = (of: 'strategy' | 'buyAndHold', lineStyle: object) => ({
    type: 'line' as const,
    data: points.map((point) => [Date.parse(point.time), gainOf(point[of])]),
    symbol: 'none',
    lineStyle,
  })
  return {
    useUTC: true,
    textStyle: { fontFamily: fontFamily() },
    grid: { left: 52, right: 12, top: 8, bottom: 26 },
    tooltip: {
      ...tooltipLook(paint),
      trigger: 'axis',
      axisPointer: { lineStyle: { color: paint.axis } },
      formatter: (lines: readonly { readonly dataIndex: number }[]) => {
        const point = points[lines[0]?.dataIndex ?? 0]!
        return [
          minute(point.time),
          `verdicts  ${signedPercent(gainOf(point.strategy))}`,
          `buy and hold  ${signedPercent(gainOf(point.buyAndHold))}`,
        ].join('\n')
      },
    },
    xAxis: {
      ...look,
      type: 'time',
      splitLine: { show: false },
      axisLabel: { ...look.axisLabel, hideOverlap: true, formatter: (ms: number) => shortDay(ms) },
    },
    yAxis: {
      ...look,
      type: 'value',
      scale: true,
      splitNumber: 4,
      axisLabel: { ...look.axisLabel, fontSize, formatter: (gain: number) => signedPercent(gain, 0) },
    },
    series: [
      line('buyAndHold', { width: 1.5, type: 'dashed', color: paint.muted }),
      line('strategy', { width: 2.5, color: paint.accent }),
    ],
  }
}

function summaryOf(points: readonly EquityPoint[]): string {
  const first = points[0]!
  const last = points.at(-1)!
  return (
    `Gain from ${day(first.time)} to ${day(last.time)}: following the verdicts ${signedPercent(gainOf(last.strategy))} ` +
    `after fees, buy and hold ${signedPercent(gainOf(last.buyAndHold))}.`
  )
}
