/**
 * The path of features from a tree's root to a node, as TreeSHAP weighs it: for each feature on it, the share of
 * training rows that pass when the feature is unknown (`zero`), whether this row passes when it is known (`one`), and
 * the weights of feature subsets of each size. Paths of all depths lie in one buffer, each node's after its parent's.
 * Lundberg et al., "Consistent individualized feature attribution for tree ensembles" (2018), algorithm 2.
 */
export class ShapPath {
  private readonly feature: Int32Array
  private readonly zero: Float64Array
  private readonly one: Float64Array
  private readonly weight: Float64Array

  /** Room for a tree of depth `depth`. */
  constructor(depth: number) {
    const size = ((depth + 2) * (depth + 3)) / 2
    this.feature = new Int32Array(size)
    this.zero = new Float64Array(size)
    this.one = new Float64Array(size)
    this.weight = new Float64Array(size)
  }

  /** Copies `length` elements from `from` to `to`. */
  copy(from: number, to: number, length: number): void {
    this.feature.copyWithin(to, from, from + length)
    this.zero.copyWithin(to, from, from + length)
    this.one.copyWithin(to, from, from + length)
    this.weight.copyWithin(to, from, from + length)
  }

  /** EXTEND: appends a feature as element `last` of the path at `at`. The root appends feature -1. */
  extend(at: number, last: number, zero: number, one: number, feature: number): void {
    const { weight } = this
    this.feature[at + last] = feature
    this.zero[at + last] = zero
    this.one[at + last] = one
    weight[at + last] = last === 0 ? 1 : 0
    for (let i = last - 1; i >= 0; i--) {
      weight[at + i + 1]! += (one * weight[at + i]! * (i + 1)) / (last + 1)
      weight[at + i]! *= (zero * (last - i)) / (last + 1)
    }
  }

  /** Which element, 1..last, holds the feature; -1 when none does. */
  find(at: number, last: number, feature: number): number {
    for (let i = 1; i <= last; i++) if (this.feature[at + i] === feature) return i
    return -1
  }

  /** UNWIND: takes element `index` out of the path that ends with `last`. */
  unwind(at: number, last: number, index: number): void {
    const { weight } = this
    const one = this.one[at + index]!
    const zero = this.zero[at + index]!
    let next = weight[at + last]!
    for (let i = last - 1; i >= 0; i--) {
      if (one === 0) {
        weight[at + i]! *= (last + 1) / (zero * (last - i))
      } else {
        const before = weight[at + i]!
        weight[at + i] = (next * (last + 1)) / ((i + 1) * one)
        next = before - (weight[at + i]! * zero * (last - i)) / (last + 1)
      }
    }
    for (let i = index; i < last; i++) {
      this.feature[at + i] = this.feature[at + i + 1]!
      this.zero[at + i] = this.zero[at + i + 1]!
      this.one[at + i] = this.one[at + i + 1]!
    }
  }

  zeroOf(at: number, index: number): number {
    return this.zero[at + index]!
  }

  oneOf(at: number, index: number): number {
    return this.one[at + index]!
  }

  /** Adds what each feature on the path gets of a leaf's value to `out[base + feature]`. */
  addLeaf(at: number, last: number, value: number, out: Float64Array, base: number): void {
    for (let i = 1; i <= last; i++) {
      const share = this.unwoundSum(at, last, i) * (this.one[at + i]! - this.zero[at + i]!)
      out[base + this.feature[at + i]!]! += share * value
    }
  }

  /** Sum of the weights were element `index` taken out. */
  private unwoundSum(at: number, last: number, index: number): number {
    const { weight } = this
    const one = this.one[at + index]!
    const zero = this.zero[at + index]!
    let total = 0
    let next = weight[at + last]!
    for (let i = last - 1; i >= 0; i--) {
      if (one === 0) {
        total += (weight[at + i]! * (last + 1)) / (zero * (last - i))
      } else {
        const taken = (next * (last + 1)) / ((i + 1) * one)
        total += taken
        next = weight[at + i]! - (taken * zero * (last - i)) / (last + 1)
      }
    }
    return total
  }
}
