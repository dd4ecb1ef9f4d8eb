import type { Memory } from '../streaming/memory.ts'

/**
 * Wilder's smoothing (New Concepts in Technical Trading Systems, 1978): the plain mean of the first `length` values,
 * then each new value weighs 1 / length. NaN until `length` values are seen; then it remembers without bound.
 */
export class WilderAverage {
  /** [values seen, up to `length`; their sum, then the average] */
  private readonly state: Float64Array
  private readonly length: number

  constructor(memory: Memory, length: number) {
    this.state = memory.allocate(2).fill(0)
    this.length = length
  }

  push(value: number): number {
    const { state, length } = this
    if (state[0] === length) {
      state[1] = (state[1]! * (length - 1) + value) / length
      return state[1]
    }
    state[0]!++
    state[1]! += value
    if (state[0]! < length) return NaN
    state[1]! /= length
    return state[1]!
  }
}
