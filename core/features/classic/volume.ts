import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { slopeOf } from '../streaming/least-squares.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'

const flowLength = 14
const slopeLength = 20
const day = 86_400_000

/**
 * Money flow index [0, 100] (Quong and Soudack 1989); the least-squares slope of Granville's on-balance volume over 20
 * rows, in mean volumes of those rows per row, about [-1, 1]; how far the close lies above the volume-weighted typical
 * price of its UTC day so far, as a fraction of the close. Without volume they are 50, 0 and 0.
 */
export const volumeKernel: Kernel = {
  family: 'volume',
  columns: ['mfi_14', 'obv_slope_20', 'vwap_distance'],
  warmup: slopeLength - 1,
  start: () => new VolumeState(),
}

class VolumeState extends RememberingState {
  /** [close and typical price of the row before] */
  private readonly before = this.memory.allocate(2)
  private readonly inflow = new Window(this.memory, flowLength)
  private readonly outflow = new Window(this.memory, flowLength)
  private readonly volumes = new Window(this.memory, slopeLength)
  private readonly signed = new Window(this.memory, slopeLength)
  /** [day number, money, volume] of the current day so far */
  private readonly session = this.memory.allocate(3)
  private readonly balance = new Float64Array(slopeLength)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    const typical = (candle.high + candle.low + candle.close) / 3
    out[offset] = this.moneyFlow(typical, candle.volume)
    out[offset + 1] = this.balanceSlope(candle)
    out[offset + 2] = (candle.close - this.sessionPrice(candle, typical)) / candle.close
    this.before[0] = candle.close
    this.before[1] = typical
  }

  private moneyFlow(typical: number, volume: number): number {
    const before = this.before[1]!
    if (Number.isNaN(before)) return NaN
    this.inflow.push(typical > before ? typical * volume : 0)
    this.outflow.push(typical < before ? typical * volume : 0)
    if (this.inflow.count < flowLength) return NaN
    const inflow = this.inflow.mean(flowLength)
    const outflow = this.outflow.mean(flowLength)
    return inflow + outflow === 0 ? 50 : (100 * inflow) / (inflow + outflow)
  }

  /** The balance is only needed up to a constant, so it is summed within the window and never grows. */
  private balanceSlope({ close, volume }: Candle): number {
    this.volumes.push(volume)
    const before = this.before[0]!
    this.signed.push(close > before ? volume : close < before ? -volume : 0)
    if (this.volumes.count < slopeLength) return NaN
    this.balance[0] = 0
    for (let x = 1; x < slopeLength; x++) {
      this.balance[x] = this.balance[x - 1]! + this.signed.lag(slopeLength - 1 - x)
    }
    const mean = this.volumes.mean(slopeLength)
    return mean === 0 ? 0 : slopeOf(this.balance, slopeLength) / mean
  }

  private sessionPrice({ openTime, close, volume }: Candle, typical: number): number {
    const { session } = this
    const today = Math.floor(openTime / day)
    if (session[0] !== today) {
      session[0] = today
      session[1] = 0
      session[2] = 0
    }
    session[1]! += typical * volume
    session[2]! += volume
    return session[2] === 0 ? close : session[1]! / session[2]!
  }
}
