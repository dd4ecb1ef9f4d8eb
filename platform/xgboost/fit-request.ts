import { BullpenError } from '#core/errors'
import { matrixRows, type BoosterParameters, type FitRequest } from '#core/model'

/** Rows gathered for a library: `data` is rows x columns, row-major. */
export interface GatheredRows {
  readonly rows: number
  readonly data: Float32Array
  readonly labels: Float32Array
  readonly weights?: Float32Array | undefined
}

/** The training rows of a request; without `rows` the matrix's own memory, not a copy. */
export function gatherTraining(request: FitRequest): GatheredRows {
  const { matrix, rows, labels, weights } = request
  if (rows === undefined) return { rows: matrix.rows, data: matrix.data, labels, weights }
  const pick = (values: Float32Array) => Float32Array.from(rows, (row) => values[row]!)
  return {
    rows: rows.length,
    data: matrixRows(matrix, rows).data,
    labels: pick(labels),
    weights: weights === undefined ? undefined : pick(weights),
  }
}

/**
 * Refuses a request that the libraries would answer with a crash, with silence or each in its own words.
 * Throws FIT_FAILED, which names the value.
 */
export function checkRequest(name: string, request: FitRequest): void {
  const { matrix, rows, labels, weights, parameters, earlyStopping } = request
  const refuse = (reason: string): never => {
    throw new BullpenError('FIT_FAILED', { name, reason })
  }
  if (matrix.data.length !== matrix.rows * matrix.columns) refuse('the matrix is not rows x columns long')
  if (labels.length !== matrix.rows) refuse(`${labels.length} labels for ${matrix.rows} rows`)
  if (weights && weights.length !== matrix.rows) refuse(`${weights.length} weights for ${matrix.rows} rows`)
  if ((rows?.length ?? matrix.rows) === 0 || matrix.columns === 0) refuse('there are no rows or no columns')
  if (earlyStopping?.evaluationRows.length === 0) refuse('there are no evaluation rows')
  if (earlyStopping && !(earlyStopping.patience >= 1)) refuse(`patience is ${earlyStopping.patience}`)
  const classes = parameters.objective === 'binary:logistic' ? 2 : parameters.classes
  const checkRow = (row: number) => {
    if (row >= matrix.rows) refuse(`row ${row} of ${matrix.rows}`)
    const label = labels[row]!
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      refuse(`label ${label} of row ${row} is not a class of 0..${classes - 1}`)
    }
    const weight = weights?.[row] ?? 1
    if (!(weight >= 0 && weight < Infinity)) refuse(`weight ${weight} of row ${row}`)
  }
  if (rows) rows.forEach(checkRow)
  else for (let row = 0; row < matrix.rows; row++) checkRow(row)
  earlyStopping?.evaluationRows.forEach(checkRow)
  checkParameters(parameters, refuse)
}

function checkParameters(parameters: BoosterParameters, refuse: (reason: string) => never): void {
  const whole = (value: number, least: number) => Number.isInteger(value) && value >= least
  const share = (value: number) => value > 0 && value <= 1
  const penalty = (value: number) => value >= 0 && value < Infinity
  const rules: Record<Exclude<keyof BoosterParameters, 'objective'>, (value: number) => boolean> = {
    classes: (value) => whole(value, 2),
    rounds: (value) => whole(value, 1),
    learningRate: share,
    maxDepth: (value) => whole(value, 1),
    minChildWeight: penalty,
    subsample: share,
    colsampleByTree: share,
    gamma: penalty,
    lambda: penalty,
    alpha: penalty,
    maxBin: (value) => whole(value, 2),
    seed: (value) => whole(value, 0) && value < 2 ** 31,
  }
  for (const [key, holds] of Object.entries(rules)) {
    const value = parameters[key as keyof typeof rules]
    if (!holds(value)) refuse(`parameter ${key} is ${value}`)
  }
}
