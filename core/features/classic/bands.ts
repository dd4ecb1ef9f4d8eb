import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'

const length = 20

/**
 * Bollinger's bands, 20 closes and 2 population deviations: %B (0 at the lower band, 1 at the upper) and the width
 * between them over the middle. Where nothing moved %B is 0.5.
 */
export const bandsKernel: Kernel = {
  family: 'bands',
  columns: ['bollinger_percent_b_20', 'bollinger_width_20'],
  warmup: length - 1,
  start: () => new BandsState(),
}

class BandsState extends RememberingState {
  private readonly closes = new Window(this.memory, length)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    const { closes } = this
    closes.push(candle.close)
    if (closes.count < length) {
      out.fill(NaN, offset, offset + 2)
      return
    }
    const still = closes.highest(length) === closes.lowest(length)
    const middle = closes.mean(length)
    const reach = still ? 0 : 2 * closes.deviation(length) * Math.sqrt((length - 1) / length)
    out[offset] = still ? 0.5 : (candle.close - middle + reach) / (2 * reach)
    out[offset + 1] = (2 * reach) / middle
  }
}
