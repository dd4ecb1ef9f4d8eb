import type { Memory } from './memory.ts'

/**
 * The last `capacity` values of one series. Every value is written twice, `capacity` apart, so that the newest values
 * always lie in one stretch and no read wraps around. Statistics are plain sums from the newest value back: they depend
 * on nothing but the values in the window, so a restored window answers with the same bits, and no sum drifts. A window
 * longer than what has been seen covers what has been seen.
 */
export class Window {
  readonly capacity: number
  private readonly values: Float64Array
  /** [index of the newest value in the upper copy, number of values held] */
  private readonly cursor: Float64Array

  constructor(memory: Memory, capacity: number) {
    this.capacity = capacity
    this.values = memory.allocate(2 * capacity)
    this.cursor = memory.allocate(2)
    this.cursor[0] = 2 * capacity - 1
    this.cursor[1] = 0
    memory.beforeSave(() => {
      this.settle()
    })
  }

  push(value: number): void {
    const next = this.cursor[0]! + 1
    const newest = next === 2 * this.capacity ? this.capacity : next
    this.values[newest] = value
    this.values[newest - this.capacity] = value
    this.cursor[0] = newest
    if (this.cursor[1]! < this.capacity) this.cursor[1]!++
  }

  /** Values held, at most the capacity. */
  get count(): number {
    return this.cursor[1]!
  }

  /** The value `k` rows ago, 0 <= k < capacity; NaN before the first. */
  lag(k: number): number {
    return this.values[this.cursor[0]! - k]!
  }

  /** Mean of the last `length` values. */
  mean(length: number): number {
    const { values } = this
    const count = Math.min(length, this.count)
    const newest = this.cursor[0]!
    let sum = 0
    for (let i = newest; i > newest - count; i--) sum += values[i]!
    return sum / count
  }

  /** Means over ascending `lengths` in one pass, written to `out` from `at` on; bit-equal to {@link mean} of each. */
  means(lengths: readonly number[], out: Float64Array, at: number): void {
    const { values } = this
    const held = this.count
    const newest = this.cursor[0]!
    let sum = 0
    let taken = 0
    for (let k = 0; k < lengths.length; k++) {
      const count = Math.min(lengths[k]!, held)
      for (; taken < count; taken++) sum += values[newest - taken]!
      out[at + k] = sum / count
    }
  }

  /** Mean of those of the last `length` values that are not NaN; NaN when there is none. */
  meanOfDefined(length: number): number {
    let sum = 0
    let defined = 0
    for (let k = 0; k < Math.min(length, this.count); k++) {
      const value = this.lag(k)
      if (value !== value) continue
      sum += value
      defined++
    }
    return sum / defined
  }

  /** Largest of the last `length` values. */
  highest(length: number): number {
    let highest = -Infinity
    for (let k = 0; k < Math.min(length, this.count); k++) highest = Math.max(highest, this.lag(k))
    return highest
  }

  /** Smallest of the last `length` values. */
  lowest(length: number): number {
    let lowest = Infinity
    for (let k = 0; k < Math.min(length, this.count); k++) lowest = Math.min(lowest, this.lag(k))
    return lowest
  }

  /** Sample standard deviation (divisor count - 1) of the last `length` values; NaN for a single value. */
  deviation(length: number): number {
    const { values } = this
    const count = Math.min(length, this.count)
    const newest = this.cursor[0]!
    const mean = this.mean(length)
    let squares = 0
    for (let i = newest; i > newest - count; i--) {
      const distance = values[i]! - mean
      squares += distance * distance
    }
    return Math.sqrt(squares / (count - 1))
  }

  /** Turns the ring until the newest value is its last. */
  private settle(): void {
    const { values, capacity, cursor } = this
    const ring = values.slice(0, capacity)
    const oldest = cursor[0]! - capacity + 1
    for (let i = 0; i < capacity; i++) {
      values[i] = values[i + capacity] = ring[(oldest + i) % capacity]!
    }
    cursor[0] = 2 * capacity - 1
  }
}
