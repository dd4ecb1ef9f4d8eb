import { sha256Json } from '#core/hashing'
import type { ObjectStore, ShardEntry, ShardIndex } from '#core/registry'
import { joinShards } from '#platform/tables'

/**
 * The shards of a series as one Parquet object; answers its entry. Row groups are copied in the order of the rows, so
 * the bytes do not depend on who computed which shard when. An object put together before is found by its parts.
 * Holds the whole table in memory twice: 1.3 GB for 525,000 rows of 243 features.
 */
export async function storeTable(
  shards: readonly ShardEntry[],
  { index, objects }: { readonly index: ShardIndex; readonly objects: ObjectStore },
): Promise<ShardEntry> {
  const [first, last] = [shards[0]!, shards.at(-1)!]
  if (shards.length === 1) return first
  const key = sha256Json({ kind: 'feature-table/1', shards: shards.map(({ object }) => object) })
  const known = await index.find(key)
  if (known && (await objects.has(known.object))) return known
  const parts: Uint8Array[] = []
  for (const { object } of shards) parts.push(await objects.get(object))
  const entry = {
    object: await objects.put(joinShards(parts)),
    rows: shards.reduce((sum, { rows }) => sum + rows, 0),
    columns: first.columns,
    startState: first.startState,
    endState: last.endState,
  }
  await index.record(key, entry)
  return entry
}
