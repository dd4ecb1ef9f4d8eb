import type { BoosterParameters } from './booster.ts'

/** Everything a forest is, before it is laid out for walking. */
export interface ForestDefinition {
  readonly objective: BoosterParameters['objective']
  /** Width of the rows the model reads. */
  readonly columns: number
  /** Margins per row: the class count, 1 for binary. */
  readonly groups: number
  /** Where each group's sum starts, before any tree. */
  readonly baseMargins: Float64Array
  readonly trees: readonly TreeArrays[]
}

/** One tree as any reader produces it: parallel arrays by node, node 0 the root, children -1 on a leaf. */
export interface TreeArrays {
  /** 0..groups-1: which margin the tree adds to. */
  readonly group: number
  readonly left: ArrayLike<number>
  readonly right: ArrayLike<number>
  readonly column: ArrayLike<number>
  /** Split threshold (`value < threshold` goes left), or the leaf value on a leaf. */
  readonly value: ArrayLike<number>
  /** Where a missing value goes. */
  readonly defaultLeft: ArrayLike<number | boolean>
  /** Loss reduction of the split, 0 on a leaf. */
  readonly gain: ArrayLike<number>
  /** Sum of second derivatives of the training rows that reached the node. */
  readonly cover: ArrayLike<number>
}
