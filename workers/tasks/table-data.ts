import type { Matrix } from '#core/model'
import { decodeTrainingTable, type TrainingTable } from '#core/selection'
import type { TableData } from '../thread-messages.ts'

/** Views onto the shared memory of a task's table and matrix: nothing is copied. Throws DATA_SET_INVALID. */
export function viewsOf({ table, matrix }: TableData): { readonly table: TrainingTable; readonly matrix: Matrix } {
  return {
    table: decodeTrainingTable(new Uint8Array(table)),
    matrix: { rows: matrix.rows, columns: matrix.columns, data: new Float32Array(matrix.data) },
  }
}
