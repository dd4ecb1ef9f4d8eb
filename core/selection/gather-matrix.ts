import type { Matrix } from '#core/model'
import type { TrainingTable } from './training-table.ts'

/** Source rows copied at a time: 64 rows of 243 float32 stay in a 64 kB cache while columns are walked. */
const tile = 64

/**
 * Columns of a table (by position) as a booster's matrix: row-major float32, row i being `rows[i]` or row i of the table.
 * `shared` puts it into a SharedArrayBuffer, so that threads can be handed it without a copy.
 */
export function gatherMatrix(
  table: Pick<TrainingTable, 'rows' | 'values'>,
  columns: ArrayLike<number>,
  options: { rows?: Uint32Array; shared?: boolean } = {},
): Matrix {
  const { rows: picked, shared = false } = options
  const rows = picked?.length ?? table.rows
  const width = columns.length
  const bytes = rows * width * Float32Array.BYTES_PER_ELEMENT
  const data = new Float32Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes))
  for (let from = 0; from < rows; from += tile) {
    const to = Math.min(rows, from + tile)
    for (let c = 0; c < width; c++) {
      const start = columns[c]! * table.rows
      for (let i = from; i < to; i++) data[i * width + c] = table.values[start + (picked ? picked[i]! : i)]!
    }
  }
  return { rows, columns: width, data }
}
