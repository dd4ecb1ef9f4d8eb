import { decodeColumns, encodeColumns, type ColumnArray, type ColumnFile } from '#core/columnar'
import { BullpenError } from '#core/errors'
import { verdicts } from '#core/verdict'

/**
 * What the training procedure answered for rows that nothing of it had seen: for each outer step the columns were
 * selected, the parameters searched and the model fitted on rows before the step's test rows, and purged of them. One
 * entry a tested row, ascending; a row is tested by one step at most.
 */
export interface OutOfSample {
  readonly rows: number
  /** Outer steps, 1 or more. */
  readonly steps: number
  /** Row of the training table, which is the bar of the series. */
  readonly rowIndexes: Int32Array
  /** Open time of that bar, ms since the epoch, UTC. The answer is known when the bar has closed. */
  readonly openTime: Float64Array
  /** Row-major rows x 3 in [0, 1]: sell, hold, buy, as the step's model answers, calibrated where it is. */
  readonly probabilities: Float64Array
  /** What the policy chosen in the step makes of them: -1 sell, 0 hold, 1 buy. */
  readonly verdict: Int8Array
  /** What the label says: -1 sell, 0 hold, 1 buy. */
  readonly target: Int8Array
  /** The label's last row (inclusive): how far the answers of neighbouring rows depend on the same candles. */
  readonly reach: Int32Array
  /** Sample weight of the label, above 0; all 1 unless the labeler weighs. */
  readonly weight: Float64Array
  /** C/P - 1 of the bar, which the naive baseline ranks by. */
  readonly naive: Float64Array
  /** The outer step that answered, 0 to steps-1. */
  readonly step: Int32Array
}

const kind = 'out-of-sample'

/** As a column file, to lie in the object store: equal predictions give equal bytes. */
export function encodeOutOfSample(predictions: OutOfSample): Uint8Array {
  const { rows, steps, ...arrays } = predictions
  return encodeColumns({ meta: { kind, rows, steps }, arrays })
}

/** Views onto the bytes. Throws DATA_SET_INVALID for bytes which are not out-of-sample predictions. */
export function decodeOutOfSample(bytes: Uint8Array): OutOfSample {
  const file = decodeColumns(bytes)
  const { rows, steps } = file.meta
  if (file.meta['kind'] !== kind || typeof rows !== 'number' || typeof steps !== 'number') {
    throw new BullpenError('DATA_SET_INVALID', { reason: 'it does not hold out-of-sample predictions' })
  }
  return {
    rows,
    steps,
    rowIndexes: held(file, 'rowIndexes', Int32Array, rows),
    openTime: held(file, 'openTime', Float64Array, rows),
    probabilities: held(file, 'probabilities', Float64Array, rows * verdicts.length),
    verdict: held(file, 'verdict', Int8Array, rows),
    target: held(file, 'target', Int8Array, rows),
    reach: held(file, 'reach', Int32Array, rows),
    weight: held(file, 'weight', Float64Array, rows),
    naive: held(file, 'naive', Float64Array, rows),
    step: held(file, 'step', Int32Array, rows),
  }
}

function held<A extends ColumnArray>(
  file: ColumnFile,
  name: string,
  type: new (length: number) => A,
  length: number,
): A {
  const array = file.arrays[name]
  if (array instanceof type && array.length === length) return array
  throw new BullpenError('DATA_SET_INVALID', { reason: `it has no array ${name} of ${length} values (${type.name})` })
}
