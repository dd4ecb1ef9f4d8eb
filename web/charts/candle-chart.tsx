import {
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  LineStyle,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import { useEffect, useRef } from 'react'
import type { CandleRow, LoggedVerdict } from '#client'
import type { Theme } from '../state/use-theme.ts'
import { price } from '../words/numbers.ts'
import './chart.css'
import { fontFamily, paintOf, type Paint } from './paint.ts'

interface CandleChartProps {
  readonly candles: readonly CandleRow[]
  readonly verdicts: readonly LoggedVerdict[]
  readonly theme: Theme
  /** The chart in words. */
  readonly summary: string
}

interface Drawn {
  readonly chart: IChartApi
  readonly bars: ISeriesApi<'Candlestick'>
  readonly volume: ISeriesApi<'Histogram'>
  readonly markers: ISeriesMarkersPluginApi<Time>
}

/** Candles, volume and verdicts. Hollow bars closed higher: colour is left to the verdicts. */
export function CandleChart({ candles, verdicts, theme, summary }: CandleChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const drawn = useRef<Drawn>(null)

  useEffect(() => {
    drawn.current = draw(box.current!)
    return () => {
      drawn.current?.chart.remove()
      drawn.current = null
    }
  }, [])

  useEffect(() => {
    colour(drawn.current!, paintOf(theme))
  }, [theme])

  useEffect(() => {
    const { bars, volume } = drawn.current!
    bars.setData(
      candles.map(({ openTime, open, high, low, close }) => ({ time: at(openTime), open, high, low, close })),
    )
    volume.setData(candles.map((candle) => ({ time: at(candle.openTime), value: candle.volume })))
  }, [candles])

  useEffect(() => {
    drawn.current!.markers.setMarkers(markersOf(candles, verdicts, paintOf(theme)))
  }, [candles, verdicts, theme])

  const hasCandles = candles.length > 0
  useEffect(() => {
    if (!hasCandles) return
    const last = candles.length - 1
    drawn.current!.chart.timeScale().setVisibleLogicalRange({ from: last - barsInView(box.current!), to: last + 3 })
    // Only once: after that the reader has moved to where they want to look.
  }, [hasCandles])

  return <div ref={box} className="candle-chart" role="img" aria-label={summary} />
}

/** So many that each has eight pixels. */
function barsInView(box: HTMLElement): number {
  return Math.floor(box.clientWidth / 8)
}

function draw(box: HTMLElement): Drawn {
  const chart = createChart(box, {
    autoSize: true,
    layout: { fontFamily: fontFamily(), fontSize: 12, attributionLogo: false },
    rightPriceScale: { borderVisible: false, entireTextOnly: true, scaleMargins: { top: 0.06, bottom: 0.2 } },
    localization: { priceFormatter: price },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, rightOffset: 3 },
    // A page is scrolled with the wheel; the chart is dragged, pinched, or zoomed with the wheel on its axis.
    handleScroll: { mouseWheel: false },
    handleScale: { mouseWheel: false },
  })
  const bars = chart.addSeries(CandlestickSeries, { borderVisible: true, priceLineStyle: LineStyle.Dotted })
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  })
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } })
  return { chart, bars, volume, markers: createSeriesMarkers(bars, []) }
}

function colour({ chart, bars, volume }: Drawn, paint: Paint): void {
  chart.applyOptions({
    layout: { background: { type: ColorType.Solid, color: paint.panel }, textColor: paint.muted },
    grid: { vertLines: { visible: false }, horzLines: { color: paint.grid } },
    crosshair: {
      vertLine: { color: paint.axis, labelBackgroundColor: paint.ink },
      horzLine: { color: paint.axis, labelBackgroundColor: paint.ink },
    },
  })
  bars.applyOptions({
    upColor: paint.panel,
    downColor: paint.muted,
    borderUpColor: paint.muted,
    borderDownColor: paint.muted,
    wickUpColor: paint.muted,
    wickDownColor: paint.muted,
    priceLineColor: paint.muted,
  })
  volume.applyOptions({ color: paint.grid })
}

/** A mark for each verdict to act on; hold has none. */
function markersOf(
  candles: readonly CandleRow[],
  verdicts: readonly LoggedVerdict[],
  paint: Paint,
): SeriesMarker<Time>[] {
  const shown = new Set(candles.map((candle) => candle.openTime))
  return verdicts
    .filter((given) => given.verdict !== 'hold' && shown.has(given.candle.openTime))
    .map((given): SeriesMarker<Time> => {
      const isBuy = given.verdict === 'buy'
      return {
        time: at(given.candle.openTime),
        position: isBuy ? 'belowBar' : 'aboveBar',
        shape: isBuy ? 'arrowUp' : 'arrowDown',
        color: isBuy ? paint.buy : paint.sell,
        size: 0.8,
      }
    })
    .sort((a, b) => Number(a.time) - Number(b.time))
}

function at(time: string): UTCTimestamp {
  return (Date.parse(time) / 1000) as UTCTimestamp
}
