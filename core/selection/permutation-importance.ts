import { averagePrecision } from '#core/evaluation'
import type { Forest, Matrix } from '#core/model'
import { Random } from '#core/random'
import { PerturbedForest } from './perturbed-forest.ts'

/** What permutation importance is asked. */
export interface ImportanceRequest {
  /** Binary: one class against the rest. */
  readonly forest: Forest
  /** The rows to judge on, with every column of the forest. */
  readonly matrix: Matrix
  /** 1 for positive rows. */
  readonly labels: ArrayLike<number>
  /** Columns [from, to) to judge, so that work can be shared out; all when absent. */
  readonly from?: number
  readonly to?: number
  /** Permutations a column. */
  readonly repeats: number
  readonly seed: number
  /** Names the rows in errors. */
  readonly where?: string
}

/** Average precision of the untouched rows, and how much of it each of the columns asked for carries. */
export interface Importance {
  readonly baseline: number
  readonly importance: readonly number[]
}

/**
 * Permutation importance (Breiman 2001; scikit-learn's `permutation_importance`): the drop from the baseline average
 * precision, mean over `repeats` shuffles of a column. All columns are shuffled by the same permutations, keyed by (seed, repeat),
 * so any sharing out of the columns gives the same numbers. Rows are ranked by margin, which orders like the
 * probability. A column the forest does not read is exactly 0. Throws ONE_CLASS, MODEL_INVALID.
 */
export function permutationImportance(request: ImportanceRequest): Importance {
  const { forest, matrix, labels, repeats, seed, where } = request
  const { from = 0, to = forest.columns } = request
  const perturbed = new PerturbedForest(forest, matrix)
  const permutations = importancePermutations(seed, repeats, matrix.rows)
  const baseline = averagePrecision(perturbed.margins, labels, where)
  const importanceOf = (column: number): number => {
    if (forest.treesReading(column).length === 0) return 0
    const values = perturbed.column(column)
    let drops = 0
    perturbed.tryColumn(column, shuffles(values, permutations), (margins) => {
      drops += baseline - averagePrecision(margins, labels, where)
    })
    return drops / repeats
  }
  return { baseline, importance: Array.from({ length: to - from }, (_, i) => importanceOf(from + i)) }
}

/** The row orders by which every column is shuffled. */
export function importancePermutations(seed: number, repeats: number, rows: number): Uint32Array[] {
  return Array.from({ length: repeats }, (_, repeat) => Random.of(seed, 'permutation', repeat).permutation(rows))
}

/** The values in each order; one array, refilled. */
function* shuffles(values: Float32Array, permutations: readonly Uint32Array[]): Generator<Float32Array> {
  const shuffled = new Float32Array(values.length)
  for (const order of permutations) {
    for (let row = 0; row < order.length; row++) shuffled[row] = values[order[row]!]!
    yield shuffled
  }
}
