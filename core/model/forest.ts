import { BullpenError } from '#core/errors'
import type { BoosterParameters, Matrix } from './booster.ts'
import type { ForestDefinition } from './forest-definition.ts'
import { isLeaf, layOut, type ForestNodes, type LaidOutForest } from './forest-nodes.ts'
import { walkTree } from './forest-walk.ts'
import { marginsToProbabilities } from './probabilities.ts'
import { readXgboostJson } from './xgboost-json.ts'

/** Values that replace one column of the rows walked: `values[i]` belongs to the i-th row of the call. */
export interface ColumnOverride {
  readonly column: number
  readonly values: Float32Array
}

/** Rows walked together. 64 to 512 measured equal within noise; 8,200 at once is 2x slower (the rows leave the cache). */
const blockRows = 256

/**
 * A boosted forest that answers without any library. Margins are the library's own, bit for bit: float32 leaf values
 * summed in float32, base margin first, trees in order. Not safe to share between threads (it reuses its buffers);
 * each thread reads its own from the JSON, or is handed one that is laid out.
 */
export class Forest {
  readonly objective: BoosterParameters['objective']
  readonly columns: number
  readonly groups: number
  /** Number of trees: rounds x groups. */
  readonly trees: number
  readonly baseMargins: Float64Array
  /** Columns that at least one split reads, ascending. */
  readonly columnsUsed: readonly number[]
  readonly nodes: ForestNodes
  /** Value of each leaf node on the grid of {@link Forest.addTrees}: float64 sums of them are exact in any order. */
  readonly exactLeaf: Float64Array
  private readonly readers: ReadonlyMap<number, Int32Array>
  private readonly offsets = new Int32Array(blockRows)
  private readonly leaves = new Int32Array(blockRows)
  private scratch: Float32Array | undefined

  constructor(definition: ForestDefinition | LaidOutForest) {
    this.objective = definition.objective
    this.columns = definition.columns
    this.groups = definition.groups
    this.baseMargins = definition.baseMargins
    this.nodes = 'nodes' in definition ? definition.nodes : layOut(definition.trees)
    this.trees = this.nodes.root.length
    this.exactLeaf = roundToGrid(this.nodes)
    this.readers = treesByColumn(this.nodes)
    this.columnsUsed = [...this.readers.keys()].sort((a, b) => a - b)
  }

  /** Reads XGBoost's JSON model (1.7 to 3.x). Throws MODEL_INVALID, which says what is wrong. */
  static fromXgboostJson(text: string): Forest {
    return new Forest(readXgboostJson(text))
  }

  /** Raw scores, rows x groups. `rows` picks rows of the matrix, in that order; all rows when absent. */
  margins(matrix: Matrix, rows?: Uint32Array): Float64Array {
    const count = this.check(matrix, rows)
    const { groups, leaves } = this
    const { leaf, group } = this.nodes
    const out = new Float64Array(count * groups)
    const sums = new Float32Array(blockRows * groups)
    for (let start = 0; start < count; start += blockRows) {
      const size = this.block(matrix, rows, start, count)
      for (let i = 0; i < size * groups; i++) sums[i] = this.baseMargins[i % groups]!
      for (let tree = 0; tree < this.trees; tree++) {
        walkTree(this.nodes, tree, matrix.data, this.offsets, size, leaves)
        for (let i = 0, at = group[tree]!; i < size; i++, at += groups) sums[at]! += leaf[leaves[i]!]!
      }
      out.set(sums.subarray(0, size * groups), start * groups)
    }
    return out
  }

  /** Probabilities, rows x groups: of each class, or for binary (one group) of class 1. */
  probabilities(matrix: Matrix, rows?: Uint32Array): Float64Array {
    return this.toProbabilities(this.margins(matrix, rows))
  }

  /** Margins (rows x groups) to probabilities of the same shape, in place. */
  toProbabilities(margins: Float64Array): Float64Array {
    return marginsToProbabilities(this.objective, margins, this.groups)
  }

  /** Trees with at least one split on the column, ascending. */
  treesReading(column: number): Int32Array {
    return this.readers.get(column) ?? new Int32Array(0)
  }

  /**
   * Adds the given trees' leaf values to `out` (rows x groups), base margins not included. The leaf values are rounded to
   * a grid so fine and so bounded that every such sum is exact in float64: adding all trees, or all but some and then
   * those some in any order, or subtracting what was added, gives the same bits. That lets permutation importance
   * re-evaluate only the trees that read the permuted column and still equal the whole evaluation. Against
   * {@link margins} only the library's float32 rounding of running sums differs.
   */
  addTrees(
    trees: ArrayLike<number>,
    matrix: Matrix,
    rows: Uint32Array | undefined,
    override: ColumnOverride | undefined,
    out: Float64Array,
  ): void {
    const count = this.check(matrix, rows)
    const { groups, exactLeaf, leaves } = this
    const { group } = this.nodes
    for (let start = 0; start < count; start += blockRows) {
      const size = this.block(matrix, rows, start, count)
      const data = override === undefined ? matrix.data : this.overridden(matrix, override, start, size)
      for (let k = 0; k < trees.length; k++) {
        const tree = trees[k]!
        walkTree(this.nodes, tree, data, this.offsets, size, leaves)
        let at = start * groups + group[tree]!
        for (let i = 0; i < size; i++, at += groups) out[at]! += exactLeaf[leaves[i]!]!
      }
    }
  }

  /** Total loss reduction by column (XGBoost's `total_gain`), length `columns`. */
  gain(): Float64Array {
    const total = new Float64Array(this.columns)
    const { column, gain } = this.nodes
    for (let node = 0; node < gain.length; node++) {
      if (!isLeaf(this.nodes, node)) total[column[node]!]! += gain[node]!
    }
    return total
  }

  private check(matrix: Matrix, rows: Uint32Array | undefined): number {
    if (matrix.columns !== this.columns) {
      throw new BullpenError('MATRIX_MISMATCH', {
        reason: `rows have ${matrix.columns} columns and the model reads ${this.columns}`,
      })
    }
    const beyond = rows?.find((row) => row >= matrix.rows)
    if (beyond !== undefined) {
      throw new BullpenError('MATRIX_MISMATCH', { reason: `row ${beyond} is asked for, of ${matrix.rows} rows` })
    }
    return rows?.length ?? matrix.rows
  }

  private block(matrix: Matrix, rows: Uint32Array | undefined, start: number, count: number): number {
    const size = Math.min(blockRows, count - start)
    for (let i = 0; i < size; i++) this.offsets[i] = (rows ? rows[start + i]! : start + i) * this.columns
    return size
  }

  /** Copies the block's rows aside with one column replaced, because the matrix is shared with other threads. */
  private overridden(matrix: Matrix, override: ColumnOverride, start: number, size: number): Float32Array {
    const { columns, offsets } = this
    const scratch = (this.scratch ??= new Float32Array(blockRows * columns))
    for (let i = 0; i < size; i++) {
      const from = offsets[i]!
      scratch.set(matrix.data.subarray(from, from + columns), i * columns)
      scratch[i * columns + override.column] = override.values[start + i]!
      offsets[i] = i * columns
    }
    return scratch
  }
}

/**
 * Leaf values on a grid whose unit leaves any sum over trees below 2^53 units, so float64 addition of them is exact and
 * its order is free. With 2,700 trees of leaves below 1 the unit is 2^-41: far below float32's own resolution.
 */
function roundToGrid(nodes: ForestNodes): Float64Array {
  let bound = 0
  for (let tree = 0; tree < nodes.root.length; tree++) {
    const end = nodes.root[tree + 1] ?? nodes.leaf.length
    let largest = 0
    for (let node = nodes.root[tree]!; node < end; node++) largest = Math.max(largest, Math.abs(nodes.leaf[node]!))
    bound += largest
  }
  const unit = 2 ** (Math.ceil(Math.log2(Math.max(bound, 2 ** -100))) - 52)
  return Float64Array.from(nodes.leaf, (value) => Math.round(value / unit) * unit)
}

function treesByColumn(nodes: ForestNodes): Map<number, Int32Array> {
  const trees = new Map<number, number[]>()
  for (let tree = 0; tree < nodes.root.length; tree++) {
    const end = nodes.root[tree + 1] ?? nodes.left.length
    for (let node = nodes.root[tree]!; node < end; node++) {
      if (isLeaf(nodes, node)) continue
      const list = trees.get(nodes.column[node]!)
      if (list === undefined) trees.set(nodes.column[node]!, [tree])
      else if (list.at(-1) !== tree) list.push(tree)
    }
  }
  return new Map([...trees].map(([column, list]) => [column, Int32Array.from(list)]))
}
