import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'
import { SlopeAngle } from './slope.ts'

const lengths = [50, 75, 100]
/** The reference's levels; 0.61 where Fibonacci has 0.618. */
const levels = [0, 0.236, 0.382, 0.5, 0.61, 0.764, 1]

/**
 * The slope of the closes before this one, the close's position between the extremes of three windows, and the step to
 * the next Fibonacci level in the slope's direction (features.md sections 3.6 and 3.7; 0 until row 100).
 */
export const fibonacciKernel: Kernel = {
  family: 'fibonacci',
  columns: ['Close_coef_nak', 'level_close_old_w', 'level_close_act_w', 'step_to_fiba'],
  warmup: 100,
  start: () => new FibonacciState(),
}

class FibonacciState extends RememberingState {
  private readonly slope = new SlopeAngle()
  private readonly closes = new Window(this.memory, 101)
  private readonly highs = new Window(this.memory, 99)
  private readonly lows = new Window(this.memory, 99)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    this.advance(candle)
    const slope = this.slope.of(this.closes)
    out[offset] = slope
    if (this.closes.count <= 100) {
      out.fill(0, offset + 1, offset + 4)
      return
    }
    this.position(slope, out, offset + 1)
  }

  advance(candle: Candle): void {
    this.closes.push(candle.close)
    this.highs.push(candle.high)
    this.lows.push(candle.low)
  }

  private position(slope: number, out: Float64Array, at: number): void {
    const { closes, highs, lows } = this
    const close = closes.lag(0)
    let highest = -Infinity
    let lowest = Infinity
    let old = 0
    let current = 0
    let floor = 0
    let height = 0
    let seen = 0
    for (const length of lengths) {
      // The window's first row lends its close, not its extremes.
      for (; seen < length - 1; seen++) {
        highest = Math.max(highest, highs.lag(seen))
        lowest = Math.min(lowest, lows.lag(seen))
      }
      const range = highest - lowest
      old += (closes.lag(length - 1) - lowest) / range
      current += (close - lowest) / range
      floor += lowest
      height += range
    }
    const windows = lengths.length
    out[at] = old / windows
    out[at + 1] = current / windows
    out[at + 2] = stepToLevel(current / windows, slope, close, floor / windows, height / windows)
  }
}

/** The level next in the slope's direction over the close (or the reverse, negative, downwards); 0 when there is none. */
function stepToLevel(position: number, slope: number, close: number, floor: number, height: number): number {
  if (slope === 0) return 0
  for (let i = 0; i + 1 < levels.length; i++) {
    if (!(levels[i]! < position && position <= levels[i + 1]!)) continue
    return slope < 0 ? -close / (floor + levels[i]! * height) : (floor + levels[i + 1]! * height) / close
  }
  return 0
}
