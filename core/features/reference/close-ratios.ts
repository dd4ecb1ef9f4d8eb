import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'

const steps = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const spans = [3, 4, 5, 6, 9, 12]
const closeLags = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
const smoothLags = [0, 2, 3, 4, 5, 6, 9]

/**
 * Closes against earlier closes and against the 15-row mean (features.md section 3.5). Before a lag is reached the
 * ratios of closes are 1, the smoothed ones NaN.
 */
export const closeRatiosKernel: Kernel = {
  family: 'close-ratios',
  columns: [
    ...steps.map((k) => `Close_${k}_to_${k + 1}`),
    ...spans.map((k) => `Close_0_to_${k}`),
    ...closeLags.map((k) => `Close_${k}_to_MA15`),
    ...smoothLags.map((k) => `Close_m3_${k}_to_MA15`),
  ],
  warmup: 15,
  start: () => new CloseRatiosState(),
}

class CloseRatiosState extends RememberingState {
  private readonly closes = new Window(this.memory, 16)
  private readonly smooth = new Window(this.memory, 10)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    const { closes, smooth } = this
    closes.push(candle.close)
    smooth.push(closes.mean(3))
    const mean = closes.mean(15)
    let at = offset
    for (const k of steps) out[at++] = ratioOrOne(closes.lag(k), closes.lag(k + 1))
    // Named from 0 but counted from the close before: the reference's quirk (features.md section 7.3).
    for (const k of spans) out[at++] = ratioOrOne(closes.lag(1), closes.lag(k))
    for (const k of closeLags) out[at++] = ratioOrOne(closes.lag(k), mean)
    for (const k of smoothLags) out[at++] = smooth.lag(k) / mean
  }
}

function ratioOrOne(numerator: number, denominator: number): number {
  return Number.isNaN(numerator) || Number.isNaN(denominator) ? 1 : numerator / denominator
}
