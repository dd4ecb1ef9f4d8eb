import { rowsIn, type Fold, type TrainingTable } from '#core/selection'
import type { Judged } from '../check-chance.ts'

/** What a procedure answered for the test rows of its folds, and the columns it used. */
export interface Learnt extends Judged {
  readonly kept: readonly string[]
}

export interface NeighbourOptions {
  /** Rows of the training side that answer. */
  readonly neighbours?: number
  /** Positions of the columns to use; all of them unless given. */
  readonly columns?: (table: TrainingTable, fold: Fold) => readonly number[]
  /** The rows that are learned from; the fold's training rows unless given. */
  readonly trainRows?: (fold: Fold) => Uint32Array
  /** The rows that are answered for; the fold's test rows unless given. */
  readonly testRows?: (fold: Fold) => Uint32Array
}

/**
 * The learner of the corpus: k nearest neighbours on columns scaled by their training rows. It remembers every row it
 * was given, so that whatever reaches it shows.
 */
export function learnByNeighbours(
  table: TrainingTable,
  folds: readonly Fold[],
  options: NeighbourOptions = {},
): Learnt {
  const { neighbours = 15, columns = () => table.columns.map((_, c) => c) } = options
  const trainRowsOf = options.trainRows ?? (({ trainRows }: Fold) => rowsIn(trainRows))
  const testRowsOf = options.testRows ?? (({ testRows }: Fold) => rowsIn(testRows))
  const probabilities: number[] = []
  const target: number[] = []
  const kept = new Set<string>()
  for (const fold of folds) {
    const [used, train, test] = [columns(table, fold), trainRowsOf(fold), testRowsOf(fold)]
    for (const c of used) kept.add(table.columns[c]!)
    const points = scaled(table, used, train)
    for (const row of test) {
      probabilities.push(...votes(table, nearest(points, train, row, neighbours)))
      target.push(table.target[row]!)
    }
  }
  return { probabilities: Float64Array.from(probabilities), target: Int8Array.from(target), kept: [...kept] }
}

/** Every row's point: each column less its mean over its deviation, both of the training rows. */
function scaled({ rows, values }: TrainingTable, used: readonly number[], train: Uint32Array): Float64Array[] {
  const columns = used.map((c) => {
    const column = values.subarray(c * rows, (c + 1) * rows)
    const mean = train.reduce((sum, row) => sum + column[row]!, 0) / train.length
    const variance = train.reduce((sum, row) => sum + (column[row]! - mean) ** 2, 0) / train.length
    const deviation = Math.sqrt(variance) || 1
    return column.map((value) => (value - mean) / deviation)
  })
  return Array.from({ length: rows }, (_, row) => Float64Array.from(columns, (column) => column[row]!))
}

function nearest(points: readonly Float64Array[], train: Uint32Array, row: number, count: number): number[] {
  const from = points[row]!
  const [rows, distances]: [number[], number[]] = [[], []]
  for (const other of train) {
    const distance = distanceOf(from, points[other]!)
    if (rows.length === count && distance >= distances.at(-1)!) continue
    const place = distances.findLastIndex((known) => known <= distance) + 1
    distances.splice(place, 0, distance)
    rows.splice(place, 0, other)
    if (rows.length > count) {
      distances.pop()
      rows.pop()
    }
  }
  return rows
}

function distanceOf(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let c = 0; c < a.length; c++) sum += (a[c]! - b[c]!) ** 2
  return sum
}

/** Shares of sell, hold and buy among the rows; the nearer ones break ties. */
function votes({ target }: TrainingTable, rows: readonly number[]): [number, number, number] {
  const counts: [number, number, number] = [0.1, 0.1, 0.1]
  rows.forEach((row, i) => (counts[target[row]! + 1]! += 1 + 1 / (1 + i)))
  const sum = counts[0] + counts[1] + counts[2]
  return [counts[0] / sum, counts[1] / sum, counts[2] / sum]
}
