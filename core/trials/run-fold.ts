import { oneClass, requireEveryClass, scoreRows, type RowMetrics } from '#core/evaluation'
import { Forest, type Booster, type BoosterParameters, type FittedModel, type Matrix } from '#core/model'
import { questionLabels, rowsIn, valuesAt, type Question, type RowRange, type TrainingTable } from '#core/selection'

/** Rows that decide when a fit stops, and how many rounds without improvement it waits. */
export interface EarlyStopping {
  readonly evaluationRows: readonly RowRange[]
  readonly patience: number
}

/** One fit on rows of a training table. */
export interface FitOnRows {
  readonly table: Pick<TrainingTable, 'target' | 'weight'>
  /** Every row of the table, the columns to train on. */
  readonly matrix: Matrix
  readonly question: Question
  readonly trainRows: readonly RowRange[]
  readonly parameters: BoosterParameters
  readonly earlyStopping?: EarlyStopping | undefined
  readonly booster: Booster
  /** Names the rows in errors, e.g. `fold 2`. */
  readonly where?: string
}

/** One fit and the rows it is scored on. */
export interface FoldOnRows extends Omit<FitOnRows, 'table' | 'question'> {
  readonly table: Pick<TrainingTable, 'target' | 'weight' | 'naive'>
  readonly testRows: readonly RowRange[]
}

/** Scores of a fold; `fitMs` is wall time inside XGBoost. */
export interface FoldOutcome {
  readonly metrics: RowMetrics
  readonly rounds: number
  readonly fitMs: number
}

/** The body of the `fit` task. Throws ONE_CLASS when the training rows do not hold every class of the question. */
export function runFit(request: FitOnRows): FittedModel {
  const { table, matrix, question, trainRows, parameters, earlyStopping, booster, where = 'a fit' } = request
  const rows = rowsIn(trainRows)
  const labels = questionLabels(table.target, question)
  requireClasses(table.target, labels, rows, question, `the training rows of ${where}`)
  return booster.fit({
    matrix,
    labels,
    rows,
    parameters,
    ...weightsOf(table.weight, rows),
    ...(earlyStopping && {
      earlyStopping: { evaluationRows: rowsIn(earlyStopping.evaluationRows), patience: earlyStopping.patience },
    }),
  })
}

/**
 * The body of the `fold` task: fits the three verdicts on the training rows and scores the test rows. Throws ONE_CLASS,
 * before anything is fitted, when either side lacks a class.
 */
export function runFold(request: FoldOnRows): FoldOutcome {
  const { table, matrix, testRows, where = 'a fold' } = request
  const tested = rowsIn(testRows)
  const target = valuesAt(table.target, tested)
  const testedWhere = `the test rows of ${where}`
  requireEveryClass(target, testedWhere)
  const { json, rounds, fitMs } = runFit({ ...request, question: 'verdict' })
  const probabilities = Forest.fromXgboostJson(json).probabilities(matrix, tested)
  const scored = { probabilities, target, naive: valuesAt(table.naive, tested), weight: valuesAt(table.weight, tested) }
  return { metrics: scoreRows(scored, testedWhere), rounds, fitMs }
}

/**
 * Sample weights for a fit: of mean 1 over its training rows, because lambda and minChildWeight are compared with sums of
 * weights and mean the same then whatever the labels' overlap. Equal weights are no weights: boosters skip the array, and
 * the model is the same bits.
 */
function weightsOf(weight: Float64Array, trainRows: Uint32Array): { readonly weights?: Float32Array } {
  if (weight.every((value) => value === weight[0])) return {}
  const mean = trainRows.reduce((sum, row) => sum + weight[row]!, 0) / trainRows.length
  return { weights: Float32Array.from(weight, (value) => value / mean) }
}

function requireClasses(
  target: Int8Array,
  labels: Float32Array,
  rows: Uint32Array,
  question: Question,
  where: string,
): void {
  if (question === 'verdict') {
    requireEveryClass(valuesAt(target, rows), where)
    return
  }
  const positives = rows.reduce((count, row) => count + labels[row]!, 0)
  const asked = question === 'up' ? 'buy' : 'sell'
  if (positives === 0) throw oneClass(where, [`what is not ${asked}`])
  if (positives === rows.length) throw oneClass(where, [asked])
}
