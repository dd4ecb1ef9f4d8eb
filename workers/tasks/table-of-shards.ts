import type { CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { FeatureSet, FeatureTable } from '#core/features'
import { decodeShard } from '#platform/tables'

/**
 * The features of a series put together from its shards, in order; bit for bit what `computeFeatures` makes. Throws
 * DATA_SET_INVALID for shards that are not those of this series and set.
 */
export async function tableOfShards(
  series: CandleSeries,
  set: FeatureSet,
  shards: readonly SharedArrayBuffer[],
): Promise<Pick<FeatureTable, 'set' | 'hash' | 'rows' | 'columns' | 'values'>> {
  const { rows } = series
  const values = new Float64Array(new SharedArrayBuffer(rows * set.columns.length * Float64Array.BYTES_PER_ELEMENT))
  let start = 0
  for (const bytes of shards) {
    const shard = await decodeShard(new Uint8Array(bytes))
    const length = shard.openTime.length
    const fits = shard.openTime.every((time, i) => time === series.openTime[start + i])
    if (!fits || shard.columns.join() !== set.columns.join()) throw mismatch(start)
    for (let c = 0; c < set.columns.length; c++) {
      values.set(shard.values.subarray(c * length, (c + 1) * length), c * rows + start)
    }
    start += length
  }
  if (start !== rows) throw mismatch(start)
  return { set: set.name, hash: set.hash, rows, columns: set.columns, values }
}

function mismatch(row: number): BullpenError {
  return new BullpenError('DATA_SET_INVALID', {
    reason: `the feature shards do not fit the candles from row ${row} on`,
  })
}
