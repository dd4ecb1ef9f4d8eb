import type { CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { FeatureSet, FeatureTable } from '#core/features'
import type { Labels } from '#core/labels'
import type { TrainingTable } from './training-table.ts'

/** What a training table is made of; row t of each is candle t of the series. */
export interface TrainingTableParts {
  readonly series: CandleSeries
  readonly featureSet: Pick<FeatureSet, 'hash' | 'warmup'>
  readonly features: Pick<FeatureTable, 'set' | 'hash' | 'rows' | 'columns' | 'values'>
  readonly labels: Labels
  /** C/P - 1 of each row. */
  readonly naive: Float64Array
}

/** Joins features, labels and the naive number; arrays are taken over, not copied. Throws DATA_SET_INVALID. */
export function buildTrainingTable({ series, featureSet, features, labels, naive }: TrainingTableParts): TrainingTable {
  if (features.hash !== featureSet.hash)
    throw invalid(`features of ${features.hash} are not those of ${featureSet.hash}`)
  const settled = new Uint8Array(series.rows)
  for (const { start, end } of series.segments) settled.fill(1, Math.min(start + featureSet.warmup, end), end)
  const table = {
    rows: series.rows,
    featureSet: features.set,
    featureSetHash: features.hash,
    warmup: featureSet.warmup,
    columns: features.columns,
    values: features.values,
    openTime: series.openTime,
    close: series.close,
    target: labels.target,
    reach: labels.reach,
    complete: labels.complete,
    settled,
    weight: labels.weight,
    maxReach: labels.maxReach,
    naive,
  }
  requireLengths(table)
  return table
}

/** Throws DATA_SET_INVALID when an array does not hold one value a row (a row and column for `values`). */
export function requireLengths(table: TrainingTable): void {
  const { openTime, close, target, reach, complete, settled, weight, naive } = table
  const perRow = { openTime, close, target, reach, complete, settled, weight, naive }
  for (const [name, array] of Object.entries(perRow)) {
    if (array.length !== table.rows) throw invalid(`${name} holds ${array.length} values for ${table.rows} rows`)
  }
  const cells = table.rows * table.columns.length
  if (table.values.length !== cells) throw invalid(`values holds ${table.values.length} numbers instead of ${cells}`)
}

function invalid(reason: string): BullpenError {
  return new BullpenError('DATA_SET_INVALID', { reason })
}
