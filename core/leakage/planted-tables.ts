import { Random } from '#core/random'
import type { TrainingTable } from '#core/selection'

/** Name of the column that holds the answer. */
export const oracleColumn = 'planted_answer'

/** The table with one more column: the target of the row, under noise a tenth as wide as the step between classes. */
export function withOracle(table: TrainingTable, seed: number): TrainingTable {
  const random = Random.of(seed, 'oracle')
  const { rows, columns, values, target } = table
  const more = new Float64Array(values.length + rows)
  more.set(values)
  for (let row = 0; row < rows; row++) more[values.length + row] = target[row]! + 0.1 * random.normal()
  return { ...table, columns: [...columns, oracleColumn], values: more }
}

/** The table with the labels of its usable rows in another order: whatever still predicts them has seen them. */
export function withShuffledLabels(table: TrainingTable, seed: number): TrainingTable {
  const usable = Array.from({ length: table.rows }, (_, row) => row).filter(
    (row) => table.complete[row] === 1 && table.settled[row] === 1,
  )
  const order = Random.of(seed, 'shuffle').permutation(usable.length)
  const target = table.target.slice()
  usable.forEach((row, i) => (target[row] = table.target[usable[order[i]!]!]!))
  return { ...table, target }
}
