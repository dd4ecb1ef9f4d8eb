import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { ExponentialAverage } from '../streaming/exponential-average.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'

/**
 * Relative deviations, the smoothed 200-row rate of change (0 until row 200), and the trend strength index
 * (features.md section 3.4).
 */
export const volatilityKernel: Kernel = {
  family: 'volatility',
  columns: ['std_20_rel', 'std_100_rel', 'ROC200sm', 'TSI'],
  warmup: 200,
  start: () => new VolatilityState(),
}

class VolatilityState extends RememberingState {
  private readonly closes = new Window(this.memory, 201)
  private readonly rateOfChange = ExponentialAverage.ofSpan(this.memory, 4)
  private readonly bodies = new Window(this.memory, 10)
  private readonly directness = new Window(this.memory, 10)
  private readonly smooth = new Window(this.memory, 50)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    const { close } = candle
    const { closes } = this
    closes.push(close)
    out[offset] = closes.deviation(20) / close
    out[offset + 1] = closes.deviation(100) / close
    out[offset + 2] = this.smoothedChange(close)
    out[offset + 3] = this.trendStrength(candle)
  }

  advance(candle: Candle): void {
    this.closes.push(candle.close)
    this.smoothedChange(candle.close)
    this.trendStrength(candle)
  }

  private smoothedChange(close: number): number {
    const old = this.closes.lag(200)
    return this.rateOfChange.push(Number.isNaN(old) ? 0 : (close / old - 1) * 100)
  }

  private trendStrength(candle: Candle): number {
    this.bodies.push(Math.abs(candle.close - candle.open))
    const body = this.bodies.mean(10)
    const move = Math.abs(candle.close - this.closes.lag(10))
    this.directness.push(body === 0 ? 1 : move / body)
    this.smooth.push(this.directness.meanOfDefined(10))
    return this.smooth.meanOfDefined(50) - 1
  }
}
