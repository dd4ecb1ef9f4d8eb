import { seriesFromColumns } from '#core/candles'
import { decodeColumns } from '#core/columnar'
import { BullpenError } from '#core/errors'
import { computeFeatures, featureSet } from '#core/features'
import { labeler, naiveScore } from '#core/labels'
import { buildTrainingTable, encodeTrainingTable } from '#core/selection'
import type { TaskBody } from '../thread/serve-thread.ts'
import { tableOfShards } from './table-of-shards.ts'

/**
 * Candles to training table; features that lie in shards are not computed again. Throws FEATURES_DIFFER when this code's feature set is not the one the run started with.
 */
export const features: TaskBody<'features'> = async ({ id, payload }, { candles, shards }) => {
  const set = featureSet(payload.featureSet)
  if (set.hash !== payload.featureSetHash) {
    throw new BullpenError('FEATURES_DIFFER', { name: set.name, wanted: payload.featureSetHash, actual: set.hash })
  }
  const series = seriesFromColumns(decodeColumns(new Uint8Array(candles)), `object ${payload.candles}`)
  const table = buildTrainingTable({
    series,
    featureSet: set,
    features: shards ? await tableOfShards(series, set, shards) : computeFeatures(series, set),
    labels: labeler(payload.label.name, numbers(payload.label.parameters, id)).label(series),
    naive: naiveScore(series),
  })
  const bytes = encodeTrainingTable(table)
  return { result: { rows: table.rows, columns: table.columns.length }, object: { as: 'table', bytes } }
}

/** Every labeler there is takes numbers only. */
function numbers(parameters: Readonly<Record<string, number | string>>, task: string): Record<string, number> {
  const entries = Object.entries(parameters).map(([name, value]) => {
    if (typeof value === 'number') return [name, value] as const
    throw new BullpenError('TASK_INVALID', { task, part: 'payload', reason: `/label/parameters/${name} is no number` })
  })
  return Object.fromEntries(entries)
}
