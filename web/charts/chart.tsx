import { LineChart, ParallelChart, ScatterChart } from 'echarts/charts'
import { GridComponent, ParallelComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts, type EChartsCoreOption } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import './chart.css'

use([LineChart, ScatterChart, ParallelChart, GridComponent, ParallelComponent, TooltipComponent, CanvasRenderer])

interface ChartProps {
  readonly option: EChartsCoreOption
  /** The chart in words. */
  readonly summary: string
  readonly className?: string
}

/** An ECharts chart that follows its box. Nothing moves by itself: data arrives while somebody reads. */
export function Chart({ option, summary, className = '' }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts>(null)
  useEffect(() => {
    const drawn = init(box.current, null, { renderer: 'canvas' })
    chart.current = drawn
    const observer = new ResizeObserver(() => {
      drawn.resize()
    })
    observer.observe(box.current!)
    return () => {
      observer.disconnect()
      drawn.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current!.setOption({ animation: false, ...option }, { notMerge: true })
  }, [option])
  return <div ref={box} className={`chart ${className}`} role="img" aria-label={summary} />
}
