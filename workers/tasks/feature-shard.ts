import { seriesFromColumns } from '#core/candles'
import { decodeColumns } from '#core/columnar'
import { BullpenError } from '#core/errors'
import { computeShard, featureSet } from '#core/features'
import { sha256 } from '#core/hashing'
import { encodeShard, shardState } from '#platform/tables'
import type { TaskBody } from '../thread/serve-thread.ts'

/**
 * Features of a row range. Throws FEATURES_DIFFER when this code's feature set is not the one asked for, and
 * DATA_SET_INVALID when the shard to continue does not end in the state the task names.
 */
export const featureShard: TaskBody<'feature-shard'> = ({ payload }, data) => {
  const set = featureSet(payload.featureSet)
  if (set.hash !== payload.featureSetHash) {
    throw new BullpenError('FEATURES_DIFFER', { name: set.name, wanted: payload.featureSetHash, actual: set.hash })
  }
  const candles = seriesFromColumns(decodeColumns(new Uint8Array(data.candles)), `object ${payload.candles}`)
  const state = data.after && shardState(new Uint8Array(data.after))
  if (state && sha256(state) !== payload.after?.state) {
    const reason = `shard ${payload.after?.shard} does not end in the state ${payload.after?.state}`
    throw new BullpenError('DATA_SET_INVALID', { reason })
  }
  const shard = computeShard(candles, set, { warmup: payload.warmup, state })
  const { rows, startState, endState } = shard
  const bytes = encodeShard({ ...shard, columns: set.columns, state: endState })
  const result = { rows, columns: set.columns.length, startState, endState: sha256(endState) }
  return { result, object: { as: 'shard', bytes } }
}
