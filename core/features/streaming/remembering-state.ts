import type { Candle } from '#core/candles'
import type { KernelState } from '../feature-set.ts'
import { Memory } from './memory.ts'

/** A kernel state whose whole memory is {@link Memory}: subclasses keep nothing between candles outside it. */
export abstract class RememberingState implements KernelState {
  protected readonly memory = new Memory()

  abstract step(candle: Candle, out: Float64Array, offset: number): void

  save(): Float64Array {
    return this.memory.save()
  }

  restore(saved: Float64Array): void {
    this.memory.restore(saved)
  }
}
