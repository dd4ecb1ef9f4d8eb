import { decodeColumns, encodeColumns, type ColumnFile } from '#core/columnar'
import { BullpenError } from '#core/errors'
import { requireLengths } from './build-training-table.ts'
import type { TrainingTable } from './training-table.ts'

const kind = 'training-table'

/** A training table as a column file: equal tables give equal bytes. */
export function encodeTrainingTable(table: TrainingTable): Uint8Array {
  const { rows, featureSet, featureSetHash, warmup, columns, maxReach, ...arrays } = table
  return encodeColumns({ meta: { kind, rows, featureSet, featureSetHash, warmup, columns, maxReach }, arrays })
}

/**
 * Views onto the bytes, nothing copied: over a SharedArrayBuffer every thread reads one memory. Throws
 * DATA_SET_INVALID for bytes which are not a training table.
 */
export function decodeTrainingTable(bytes: Uint8Array): TrainingTable {
  const file = decodeColumns(bytes)
  const meta = file.meta as Partial<TrainingTable> & { kind?: string }
  if (meta.kind !== kind) throw new BullpenError('DATA_SET_INVALID', { reason: 'it is not a training table' })
  const table: TrainingTable = {
    rows: meta.rows!,
    featureSet: meta.featureSet!,
    featureSetHash: meta.featureSetHash!,
    warmup: meta.warmup!,
    columns: meta.columns!,
    maxReach: meta.maxReach!,
    values: held(file, 'values', Float64Array),
    openTime: held(file, 'openTime', Float64Array),
    close: held(file, 'close', Float64Array),
    target: held(file, 'target', Int8Array),
    reach: held(file, 'reach', Int32Array),
    complete: held(file, 'complete', Uint8Array),
    settled: held(file, 'settled', Uint8Array),
    weight: held(file, 'weight', Float64Array),
    naive: held(file, 'naive', Float64Array),
  }
  requireLengths(table)
  return table
}

function held<A>(file: ColumnFile, name: string, type: new (length: number) => A): A {
  const array = file.arrays[name]
  if (array instanceof type) return array
  throw new BullpenError('DATA_SET_INVALID', { reason: `it has no array ${name} of ${type.name}` })
}
