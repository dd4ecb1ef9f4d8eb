import { matrixRows, type Forest, type Matrix } from '#core/model'
import { noiseCurve, type NoiseCurve } from './noise-curve.ts'
import { permutationImportance, type Importance } from './permutation-importance.ts'
import { questionLabels, type Question } from './question.ts'
import { rowsIn, valuesAt, type RowRange } from './row-ranges.ts'
import type { TrainingTable } from './training-table.ts'

/** A fitted model and the rows its columns are judged on. */
export interface JudgedColumns {
  readonly table: Pick<TrainingTable, 'target'>
  /** Every row of the table, the columns the model reads. */
  readonly matrix: Matrix
  readonly forest: Forest
  /** `up` or `down`: a model of all three verdicts is refused with MODEL_INVALID. */
  readonly question: Question
  readonly testRows: readonly RowRange[]
  readonly seed: number
}

/** The body of the `importance` task: permutation importance of columns [from, to) on the test rows. */
export function runImportance(request: JudgedColumns & { from: number; to: number; repeats: number }): Importance {
  const { from, to, repeats } = request
  return permutationImportance({ ...onTestRows(request), from, to, repeats })
}

/** The body of the `noise-curve` task: the curve down `order` on the test rows. */
export function runNoiseCurve(request: JudgedColumns & { order: readonly number[] }): NoiseCurve {
  return noiseCurve({ ...onTestRows(request), order: request.order })
}

function onTestRows({ table, matrix, forest, question, testRows, seed }: JudgedColumns) {
  const rows = rowsIn(testRows)
  return {
    forest,
    matrix: matrixRows(matrix, rows),
    labels: questionLabels(valuesAt(table.target, rows), question),
    seed,
    where: `the test rows of feature selection (${question})`,
  }
}
