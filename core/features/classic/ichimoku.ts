import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'

const conversionLength = 9
const baseLength = 26
const spanLength = 52
/** Rows by which the cloud is drawn ahead: the cloud over the current candle was computed this long ago. */
const displacement = 26

/**
 * Hosoda's Ichimoku Kinko Hyo (9, 26, 52): how far the close lies above the conversion line, the base line and the two
 * edges of the cloud over this candle, as fractions of the close.
 */
export const ichimokuKernel: Kernel = {
  family: 'ichimoku',
  columns: ['conversion', 'base', 'span_a', 'span_b'].map((line) => `ichimoku_${line}_distance`),
  warmup: spanLength - 1 + displacement,
  start: () => new IchimokuState(),
}

class IchimokuState extends RememberingState {
  private readonly highs = new Window(this.memory, spanLength)
  private readonly lows = new Window(this.memory, spanLength)
  private readonly spanA = new Window(this.memory, displacement + 1)
  private readonly spanB = new Window(this.memory, displacement + 1)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    const { close } = candle
    this.highs.push(candle.high)
    this.lows.push(candle.low)
    const conversion = this.middle(conversionLength)
    const base = this.middle(baseLength)
    this.spanA.push((conversion + base) / 2)
    this.spanB.push(this.middle(spanLength))
    out[offset] = (close - conversion) / close
    out[offset + 1] = (close - base) / close
    out[offset + 2] = (close - this.spanA.lag(displacement)) / close
    out[offset + 3] = (close - this.spanB.lag(displacement)) / close
  }

  private middle(length: number): number {
    if (this.highs.count < length) return NaN
    return (this.highs.highest(length) + this.lows.lowest(length)) / 2
  }
}
