import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'
import { WilderAverage } from './wilder-average.ts'

const length = 14

/**
 * Wilder's average true range over the close (a fraction), and his directional movement: ADX, +DI and -DI in [0, 100].
 * Where nothing moved the directional numbers are 0.
 */
export const trendKernel: Kernel = {
  family: 'trend',
  columns: ['atr_14_rel', 'adx_14', 'plus_di_14', 'minus_di_14'],
  warmup: 2 * length - 1,
  start: () => new TrendState(),
}

class TrendState extends RememberingState {
  private readonly closes = new Window(this.memory, 2)
  private readonly highs = new Window(this.memory, 2)
  private readonly lows = new Window(this.memory, 2)
  private readonly range = new WilderAverage(this.memory, length)
  private readonly rising = new WilderAverage(this.memory, length)
  private readonly falling = new WilderAverage(this.memory, length)
  private readonly strength = new WilderAverage(this.memory, length)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    this.closes.push(candle.close)
    this.highs.push(candle.high)
    this.lows.push(candle.low)
    if (this.closes.count < 2) {
      out.fill(NaN, offset, offset + 4)
      return
    }
    const before = this.closes.lag(1)
    const up = candle.high - this.highs.lag(1)
    const down = this.lows.lag(1) - candle.low
    const range = this.range.push(Math.max(candle.high, before) - Math.min(candle.low, before))
    const rising = this.rising.push(up > down && up > 0 ? up : 0)
    const falling = this.falling.push(down > up && down > 0 ? down : 0)
    out[offset] = range / candle.close
    out[offset + 1] = this.averageDirection(rising, falling)
    out[offset + 2] = percentOf(rising, range)
    out[offset + 3] = percentOf(falling, range)
  }

  private averageDirection(rising: number, falling: number): number {
    const direction = percentOf(Math.abs(rising - falling), rising + falling)
    return Number.isNaN(direction) ? NaN : this.strength.push(direction)
  }
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole
}
