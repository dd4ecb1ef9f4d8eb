import { BarChart, CandlestickChart, HeatmapChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts'
import { GridComponent, MarkAreaComponent, ParallelComponent, VisualMapContinuousComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { EChartsOption } from 'echarts'
import { cssVariable } from '../tokens.ts'

use([
  BarChart,
  CandlestickChart,
  HeatmapChart,
  LineChart,
  ParallelChart,
  ScatterChart,
  GridComponent,
  MarkAreaComponent,
  ParallelComponent,
  VisualMapContinuousComponent,
  SVGRenderer,
])

/** The parts of a chart that the modules above can draw. */
export type ChartOption = Pick<
  EChartsOption,
  'grid' | 'xAxis' | 'yAxis' | 'parallel' | 'parallelAxis' | 'visualMap' | 'series'
>

/** CSS pixels of a chart's own coordinate system; the page scales it to fit. */
export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Draws a chart as an SVG element for use inside an HTML page. Colours become CSS variables, so one drawing serves
 * light, dark and print; hover rules, name spaces, fonts and the renderer's process-wide ids go, so the same option
 * gives the same bytes. `id` must be unique on the page. Texts are escaped by the renderer.
 */
export function drawSvg(id: string, option: ChartOption, size: Size): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: 'sans-serif' }, ...option })
    return adapt(id, chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}

function adapt(id: string, svg: string): string {
  return svg
    .replace(/<style >[^]*?<\/style>/g, '')
    .replace(/<rect [^>]*fill="none"><\/rect>\n?/, '')
    .replace(/<[a-zA-Z][^>]*>/g, (tag) => adaptTag(id, tag))
}

function adaptTag(id: string, tag: string): string {
  return tag
    .replace(
      / (?:class|xmlns|xmlns:xlink|baseProfile|version|pointer-events|ecmeta_data_index|ecmeta_ssr_type)="[^"]*"/g,
      '',
    )
    .replace(/^(<svg) width="[^"]*" height="[^"]*"/, '$1 aria-hidden="true"')
    .replace(/ ecmeta_series_index=/g, ' data-series=')
    .replace(/font-family:[^;"]*;?/g, '')
    .replace(/zr\d+-/g, `${id}-`)
    .replace(/ (fill|stroke)="(#[0-9a-f]{6})"/g, (_, name: string, color: string) => ` ${name}="${cssVariable(color)}"`)
}
