import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'
import { WilderAverage } from './wilder-average.ts'

const length = 14
const commodityLength = 20

/**
 * Wilder's RSI of close-to-close changes [0, 100]; Lane's fast stochastic %K [0, 100] and its 3-row mean %D; Williams
 * %R [-100, 0]; Lambert's CCI over typical prices, unbounded. Where nothing moved they say the middle: 50, 50, -50, 0.
 */
export const momentumKernel: Kernel = {
  family: 'momentum',
  columns: ['rsi_14', 'stochastic_k_14', 'stochastic_d_14', 'williams_r_14', 'cci_20'],
  warmup: commodityLength - 1,
  start: () => new MomentumState(),
}

class MomentumState extends RememberingState {
  private readonly gains = new WilderAverage(this.memory, length)
  private readonly losses = new WilderAverage(this.memory, length)
  private readonly closes = new Window(this.memory, 2)
  private readonly highs = new Window(this.memory, length)
  private readonly lows = new Window(this.memory, length)
  private readonly stochastic = new Window(this.memory, 3)
  private readonly typical = new Window(this.memory, commodityLength)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    const { close, high, low } = candle
    this.closes.push(close)
    this.highs.push(high)
    this.lows.push(low)
    this.typical.push((high + low + close) / 3)
    out[offset] = this.relativeStrength()
    const position = this.rangePosition(close)
    this.stochastic.push(position)
    out[offset + 1] = position
    out[offset + 2] = this.stochastic.mean(3)
    out[offset + 3] = position - 100
    out[offset + 4] = this.commodityChannel()
  }

  private relativeStrength(): number {
    const change = this.closes.lag(0) - this.closes.lag(1)
    if (Number.isNaN(change)) return NaN
    const gain = this.gains.push(Math.max(change, 0))
    const loss = this.losses.push(Math.max(-change, 0))
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss)
  }

  /** Where the close lies between the extremes of the window, in percent. */
  private rangePosition(close: number): number {
    if (this.highs.count < length) return NaN
    const lowest = this.lows.lowest(length)
    const range = this.highs.highest(length) - lowest
    return range === 0 ? 50 : (100 * (close - lowest)) / range
  }

  private commodityChannel(): number {
    if (this.typical.count < commodityLength) return NaN
    const mean = this.typical.mean(commodityLength)
    let distances = 0
    for (let k = 0; k < commodityLength; k++) distances += Math.abs(this.typical.lag(k) - mean)
    // Equal prices have a mean a rounding away from them, whose distances would be noise over noise.
    if (this.typical.highest(commodityLength) === this.typical.lowest(commodityLength)) return 0
    return (this.typical.lag(0) - mean) / ((0.015 * distances) / commodityLength)
  }
}
