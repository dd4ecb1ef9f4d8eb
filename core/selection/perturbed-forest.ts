import { BullpenError } from '#core/errors'
import type { Forest, ForestNodes, Matrix } from '#core/model'

/** Where the walk of some (tree, row) pairs first meets a column: all that can change when its values do. */
interface Crossings {
  /** Position in `leaves`: tree x rows + row. */
  readonly at: Uint32Array
  /** The first node on the path that tests the column. */
  readonly node: Int32Array
}

/**
 * Margins of one forest over some rows while columns change. Replacing a column walks again only the trees that read
 * it, for those only the rows whose path tests it, and of that path only what follows the first test. The forest's
 * grid-rounded leaf values make the result the same bits as walking every tree of every row again, because float64 sums
 * of them are exact in any order. Margins leave out the base margin: a constant does not change a ranking.
 */
export class PerturbedForest {
  readonly rows: number
  /** Sum of leaf values of each row, as the columns now stand. */
  readonly margins: Float64Array
  private readonly forest: Forest
  /**
   * Own copy, column-major: a replaced column is one run of memory, and rows that stand on the same node read
   * neighbours. With rows-major, writing the shuffled columns alone took as long as all the walking.
   */
  private readonly data: Float32Array
  /** Leaf node of (tree, row) at tree x rows + row. */
  private readonly leaves: Int32Array
  private readonly firstTest: Int32Array

  /** `matrix` is what the forest reads: its columns, the rows to judge. Throws MODEL_INVALID unless binary. */
  constructor(forest: Forest, matrix: Matrix) {
    if (forest.groups !== 1) {
      throw new BullpenError('MODEL_INVALID', {
        reason: `it has ${forest.groups} classes where one against the rest is asked`,
      })
    }
    this.forest = forest
    this.rows = matrix.rows
    this.data = columnMajor(matrix)
    this.leaves = new Int32Array(forest.trees * matrix.rows)
    this.firstTest = new Int32Array(forest.nodes.left.length)
    this.margins = new Float64Array(matrix.rows)
    this.walkAll()
  }

  /** A copy of a column's values, one a row. */
  column(column: number): Float32Array {
    return this.stored(column).slice()
  }

  /**
   * Calls `judge` with the margins under each of `replacements` of one column (one value a row each), and leaves the
   * column as it was. The array given to `judge` is reused.
   */
  tryColumn(column: number, replacements: Iterable<Float32Array>, judge: (margins: Float64Array) => void): void {
    const crossings = this.crossings(column)
    const stored = this.stored(column)
    const original = stored.slice()
    const margins = new Float64Array(this.rows)
    for (const values of replacements) {
      stored.set(values)
      margins.set(this.margins)
      this.walkAgain(crossings, margins)
      judge(margins)
    }
    stored.set(original)
  }

  /** Replaces a column for good. */
  replaceColumn(column: number, values: Float32Array): void {
    const crossings = this.crossings(column)
    this.stored(column).set(values)
    this.walkAgain(crossings, this.margins, this.leaves)
  }

  private walkAll(): void {
    const { forest, rows, data, leaves, margins } = this
    const { root } = forest.nodes
    for (let tree = 0; tree < forest.trees; tree++) {
      for (let row = 0; row < rows; row++) {
        const leaf = walkFrom(forest.nodes, root[tree]!, data, rows, row)
        leaves[tree * rows + row] = leaf
        margins[row]! += forest.exactLeaf[leaf]!
      }
    }
  }

  /** The column in the copy itself. */
  private stored(column: number): Float32Array {
    return this.data.subarray(column * this.rows, (column + 1) * this.rows)
  }

  /** Walks the crossings on the data as it is and moves the margins; keeps the new leaves when told where. */
  private walkAgain({ at, node }: Crossings, margins: Float64Array, keep?: Int32Array): void {
    const { forest, rows, data, leaves } = this
    const { exactLeaf } = forest
    for (let i = 0; i < at.length; i++) {
      const row = at[i]! % rows
      const before = leaves[at[i]!]!
      const after = walkFrom(forest.nodes, node[i]!, data, rows, row)
      if (after === before) continue
      margins[row]! += exactLeaf[after]! - exactLeaf[before]!
      if (keep) keep[at[i]!] = after
    }
  }

  private crossings(column: number): Crossings {
    const { forest, rows, leaves, firstTest } = this
    const trees = forest.treesReading(column)
    const at = new Uint32Array(trees.length * rows)
    const node = new Int32Array(trees.length * rows)
    let count = 0
    for (const tree of trees) {
      markFirstTests(forest, tree, column, firstTest)
      for (let i = tree * rows; i < (tree + 1) * rows; i++) {
        const test = firstTest[leaves[i]!]!
        if (test < 0) continue
        at[count] = i
        node[count++] = test
      }
    }
    return { at: at.subarray(0, count), node: node.subarray(0, count) }
  }
}

/** For each node of a tree, the first node on the way to it (itself excluded) that tests the column, or -1. */
function markFirstTests({ nodes }: Forest, tree: number, column: number, firstTest: Int32Array): void {
  const root = nodes.root[tree]!
  const end = nodes.root[tree + 1] ?? nodes.left.length
  firstTest[root] = -1
  // Breadth-first layout: parents come before children.
  for (let node = root; node < end; node++) {
    const left = nodes.left[node]!
    if (left === node) continue
    const passed = firstTest[node]!
    const test = passed >= 0 ? passed : nodes.column[node] === column ? node : -1
    firstTest[left] = test
    firstTest[left + 1] = test
  }
}

/** The leaf a row ends on when it stands on `node`; `data` is column-major. */
function walkFrom(nodes: ForestNodes, node: number, data: Float32Array, rows: number, row: number): number {
  const { left, column, threshold, missingRight } = nodes
  let at = node
  let next = left[at]!
  while (next !== at) {
    const value = data[column[at]! * rows + row]!
    at = next + (+(value >= threshold[at]!) | (+(value !== value) & missingRight[at]!))
    next = left[at]!
  }
  return at
}

function columnMajor({ rows, columns, data }: Matrix): Float32Array {
  const out = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[column * rows + row] = data[row * columns + column]!
  }
  return out
}
