import { BullpenError } from '#core/errors'
import type { Matrix } from './booster.ts'
import type { Forest } from './forest.ts'
import { isLeaf, type ForestNodes } from './forest-nodes.ts'
import { ShapPath } from './shap-path.ts'

/**
 * Exact TreeSHAP: how much each column moves each margin of a row away from the margin expected over the training rows.
 * Path-dependent, as XGBoost's `pred_contribs`: a column that is unknown is averaged over by the cover of the nodes.
 */
export class Contributions {
  private readonly forest: Forest
  private readonly path: ShapPath
  /** Margin of each group expected over the training rows, base margin included. */
  readonly expected: Float64Array

  constructor(forest: Forest) {
    this.forest = forest
    this.path = new ShapPath(forest.nodes.depth.reduce((most, depth) => Math.max(most, depth), 0))
    this.expected = expectedMargins(forest)
  }

  /**
   * Shares of one row of the matrix, groups x (columns + 1): the last of each group is {@link expected}, and each group
   * sums to its margin (to float64 rounding; the library's own margins are float32 sums). Throws MATRIX_MISMATCH.
   */
  ofRow(matrix: Matrix, row: number): Float64Array {
    const { forest, expected } = this
    const { columns, groups, nodes } = forest
    if (matrix.columns !== columns || row < 0 || row >= matrix.rows) {
      const reason = `row ${row} of ${matrix.rows} x ${matrix.columns} is asked for, the model reads ${columns} columns`
      throw new BullpenError('MATRIX_MISMATCH', { reason })
    }
    const values = matrix.data.subarray(row * columns, (row + 1) * columns)
    const out = new Float64Array(groups * (columns + 1))
    for (let tree = 0; tree < forest.trees; tree++) {
      const base = nodes.group[tree]! * (columns + 1)
      // A tree that is one leaf gives every row the same: all of it is in the expected margin.
      this.walk(nodes.root[tree]!, { at: 0, last: 0, zero: 1, one: 1, feature: -1 }, values, out, base)
    }
    for (let group = 0; group < groups; group++) out[group * (columns + 1) + columns] = expected[group]!
    return out
  }

  private walk(node: number, step: Step, values: Float32Array, out: Float64Array, base: number): void {
    const { path } = this
    const { nodes } = this.forest
    const { at } = step
    let last = step.last
    path.extend(at, last, step.zero, step.one, step.feature)
    if (isLeaf(nodes, node)) {
      path.addLeaf(at, last, nodes.leaf[node]!, out, base)
      return
    }
    const feature = nodes.column[node]!
    const hot = childOf(nodes, node, values[feature]!)
    const left = nodes.left[node]!
    const cold = hot === left ? left + 1 : left
    let zero = 1
    let one = 1
    const seen = path.find(at, last, feature)
    if (seen >= 0) {
      zero = path.zeroOf(at, seen)
      one = path.oneOf(at, seen)
      path.unwind(at, last, seen)
      last -= 1
    }
    const next = at + last + 1
    for (const child of [hot, cold]) {
      path.copy(at, next, last + 1)
      const share = zero * coverShare(nodes, child, node)
      // A child no training row reached has no say: its share is 0, which the weights would divide by.
      if (share === 0 && child === cold) continue
      const step = { at: next, last: last + 1, zero: share, one: child === hot ? one : 0, feature }
      this.walk(child, step, values, out, base)
    }
  }
}

/** How a node is reached: where its path starts, how long its parent's is, and what its last split lets pass. */
interface Step {
  readonly at: number
  readonly last: number
  readonly zero: number
  readonly one: number
  readonly feature: number
}

function childOf(nodes: ForestNodes, node: number, value: number): number {
  const goesRight = Number.isNaN(value) ? nodes.missingRight[node] === 1 : value >= nodes.threshold[node]!
  return nodes.left[node]! + (goesRight ? 1 : 0)
}

function coverShare(nodes: ForestNodes, child: number, node: number): number {
  return nodes.cover[node]! > 0 ? nodes.cover[child]! / nodes.cover[node]! : 0
}

/** Base margins plus each tree's mean leaf value, weighed by cover. */
function expectedMargins({ nodes, trees, baseMargins }: Forest): Float64Array {
  const mean = (node: number): number => {
    if (isLeaf(nodes, node)) return nodes.leaf[node]!
    const left = nodes.left[node]!
    return coverShare(nodes, left, node) * mean(left) + coverShare(nodes, left + 1, node) * mean(left + 1)
  }
  const out = baseMargins.slice()
  for (let tree = 0; tree < trees; tree++) out[nodes.group[tree]!]! += mean(nodes.root[tree]!)
  return out
}
