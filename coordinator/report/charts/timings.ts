import { fontSize } from '#charts'
import { duration } from '../../durations.ts'
import type { ReportData } from '../report-data.ts'
import { paint } from '../tokens.ts'
import { count, counted } from '../../counted.ts'
import { axisLook } from './axes.ts'
import { table, type Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'

/** Where the time went. */
export function timingsFigure({ stages, threads }: ReportData): Figure {
  const total = stages.reduce((sum, stage) => sum + stage.ms, 0)
  const slowest = [...stages].sort((a, b) => b.ms - a.ms)[0]
  const words = `${duration(total)} in all on ${counted(threads, 'thread')}`
  return {
    id: 'timings',
    title: 'Where the time went',
    summary: `Stage timings: ${words}.${slowest === undefined ? '' : ` The slowest stage is ${slowest.stage} with ${duration(slowest.ms)}.`}`,
    caption: `Wall-clock time by stage: ${words}.`,
    wide: { width: 1100, height: 16 + 30 * stages.length },
    narrow: { width: 360, height: 16 + 30 * stages.length },
    draw: () => draw(stages),
    numbers: table(
      ['stage', 'time', 'tasks'],
      stages.map((stage) => [stage.stage, duration(stage.ms), count(stage.tasks)]),
      'Time and tasks by stage',
    ),
  }
}

function draw(stages: ReportData['stages']): ChartOption {
  return {
    grid: { left: 78, right: 96, top: 4, bottom: 8 },
    xAxis: { ...axisLook, type: 'value', splitNumber: 4, axisLabel: { show: false } },
    yAxis: {
      ...axisLook,
      type: 'category',
      inverse: true,
      data: stages.map((stage) => stage.stage),
      axisLabel: { color: paint.ink, fontSize },
      splitLine: { show: false },
    },
    series: [
      {
        type: 'bar',
        barCategoryGap: '40%',
        itemStyle: { color: paint.accent },
        data: stages.map((stage) => ({
          value: stage.ms,
          label: { show: true, position: 'right', color: paint.ink, fontSize, formatter: duration(stage.ms) },
        })),
      },
    ],
  }
}
