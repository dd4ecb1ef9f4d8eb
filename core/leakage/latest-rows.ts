import type { TrainingTable } from '#core/selection'

/** The last rows of a table, at most `most` of them, as a table of their own. Views and copies; the table stays. */
export function latestRows(table: TrainingTable, most: number): TrainingTable {
  const from = table.rows - most
  if (from <= 0) return table
  const values = new Float64Array(most * table.columns.length)
  table.columns.forEach((_, c) => {
    values.set(table.values.subarray(c * table.rows + from, (c + 1) * table.rows), c * most)
  })
  return {
    ...table,
    rows: most,
    values,
    openTime: table.openTime.subarray(from),
    close: table.close.subarray(from),
    target: table.target.subarray(from),
    reach: table.reach.subarray(from).map((row) => row - from),
    complete: table.complete.subarray(from),
    settled: table.settled.subarray(from),
    weight: table.weight.subarray(from),
    naive: table.naive.subarray(from),
  }
}
