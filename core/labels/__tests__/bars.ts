import { makeSeries, type CandleSeries, type GapPolicy } from '#core/candles'
import { Random } from '#core/random'

export interface Bar {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
}

const widthMs = 14_400_000

/** Bars one after another; those at `gapsBefore` come a bar late. */
export function seriesOfBars(
  bars: readonly Bar[],
  { gapsBefore = [], gaps = 'keep' }: { gapsBefore?: readonly number[]; gaps?: GapPolicy } = {},
): CandleSeries {
  let openTime = 0
  const candles = bars.map((bar, t) => {
    openTime += gapsBefore.includes(t) ? 2 * widthMs : widthMs
    return { openTime, ...bar, volume: 1 }
  })
  return makeSeries({ symbol: 'BTC/USDT', source: 'test', widthMs, candles }, { gaps })
}

/** A random walk whose bars open near the close before and have shadows on both sides. */
export function randomBars(seed: number, count: number): Bar[] {
  const random = Random.of('bars', seed)
  let close = 100
  return Array.from({ length: count }, () => {
    const open = close * Math.exp(0.002 * random.normal())
    close = open * Math.exp(0.012 * random.normal())
    const high = Math.max(open, close) * (1 + 0.006 * random.uniform())
    const low = Math.min(open, close) * (1 - 0.006 * random.uniform())
    return { open, high, low, close }
  })
}
