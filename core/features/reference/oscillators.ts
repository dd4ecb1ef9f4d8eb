import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { ExponentialAverage } from '../streaming/exponential-average.ts'
import type { Memory } from '../streaming/memory.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'

const ratioLags = [0, 1, 3, 5, 7, 10]

/**
 * MACD histogram and Awesome oscillator, each over its own deviation of 30 rows, with lags, 3-row means and
 * differences (features.md section 3.3; the exported names write `cor` and `corr` as the reference does).
 */
export const oscillatorsKernel: Kernel = {
  family: 'oscillators',
  columns: [
    ...ratioLags.map((lag) => (lag === 0 ? 'MACDHist_REL' : `MACDHist_REL_shift${lag}`)),
    ...normalisedColumns('MACDHist_corr', 'MACDHist_corr'),
    ...normalisedColumns('AweOs_cor', 'AweOs_corr'),
  ],
  warmup: 11,
  start: () => new OscillatorsState(),
}

function normalisedColumns(base: string, difference: string): string[] {
  return [
    base,
    ...[3, 6].map((lag) => `${base}_shift${lag}`),
    `${base}_roll_mean3`,
    ...[1, 3, 6].map((lag) => `${base}_roll_mean3_shift${lag}`),
    ...['0_to_1', '1_to_3', '3_to_6', '0_to_6'].map((pair) => `${difference}_${pair}`),
  ]
}

class OscillatorsState extends RememberingState {
  private readonly fast = ExponentialAverage.ofSpan(this.memory, 12)
  private readonly slow = ExponentialAverage.ofSpan(this.memory, 26)
  private readonly signal = ExponentialAverage.ofSpan(this.memory, 9)
  private readonly ratios = new Window(this.memory, 11)
  private readonly medians = new Window(this.memory, 34)
  private readonly macd = new Normalised(this.memory)
  private readonly awesome = new Normalised(this.memory)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    const macd = this.fast.push(candle.close) - this.slow.push(candle.close)
    const signal = this.signal.push(macd)
    const histogram = macd - signal
    // The reference subtracts the signal a second time (features.md section 7.5).
    this.ratios.push((histogram - signal) / Math.max(Math.abs(histogram), Math.abs(signal)))
    this.medians.push((candle.high + candle.low) / 2)
    let at = offset
    for (const lag of ratioLags) out[at++] = this.ratios.lag(lag)
    at = this.macd.step(histogram, out, at)
    // Both means sum the same rows in the same order for the first five, so their difference is exactly 0 there.
    this.awesome.step(this.medians.mean(5) - this.medians.mean(34), out, at)
  }
}

/** One oscillator over its deviation, and what is derived from that. */
class Normalised {
  private readonly raw: Window
  private readonly scaled: Window
  private readonly smooth: Window

  constructor(memory: Memory) {
    this.raw = new Window(memory, 30)
    this.scaled = new Window(memory, 7)
    this.smooth = new Window(memory, 7)
  }

  /** Writes 11 values from `at` on and returns where the next goes. */
  step(value: number, out: Float64Array, at: number): number {
    const { scaled, smooth } = this
    this.raw.push(value)
    scaled.push(value / this.raw.deviation(30))
    smooth.push(scaled.meanOfDefined(3))
    out[at] = scaled.lag(0)
    out[at + 1] = scaled.lag(3)
    out[at + 2] = scaled.lag(6)
    out[at + 3] = smooth.lag(0)
    out[at + 4] = smooth.lag(1)
    out[at + 5] = smooth.lag(3)
    out[at + 6] = smooth.lag(6)
    out[at + 7] = scaled.lag(0) - scaled.lag(1)
    out[at + 8] = scaled.lag(1) - scaled.lag(3)
    out[at + 9] = scaled.lag(3) - scaled.lag(6)
    out[at + 10] = scaled.lag(0) - scaled.lag(6)
    return at + 11
  }
}
