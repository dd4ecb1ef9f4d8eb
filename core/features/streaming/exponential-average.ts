import type { Memory } from './memory.ts'

/** e[0] = x[0], e[t] = (1 - a) e[t-1] + a x[t] (features.md section 2): no bias correction, unbounded memory. */
export class ExponentialAverage {
  private readonly value: Float64Array
  private readonly weight: number

  constructor(memory: Memory, weight: number) {
    this.value = memory.allocate(1)
    this.weight = weight
  }

  /** The weight of a span in rows, 2 / (span + 1). */
  static ofSpan(memory: Memory, span: number): ExponentialAverage {
    return new ExponentialAverage(memory, 2 / (span + 1))
  }

  push(x: number): number {
    const before = this.value[0]!
    const now = Number.isNaN(before) ? x : (1 - this.weight) * before + this.weight * x
    this.value[0] = now
    return now
  }
}
