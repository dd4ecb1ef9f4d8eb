import type { ShardEntry, ShardIndex } from '#core/registry'

/** A shard index that lives as long as its process. */
export class MemoryShardIndex implements ShardIndex {
  private readonly entries = new Map<string, ShardEntry>()

  find(key: string): Promise<ShardEntry | null> {
    return Promise.resolve(this.entries.get(key) ?? null)
  }

  record(key: string, entry: ShardEntry): Promise<void> {
    this.entries.set(key, { ...entry })
    return Promise.resolve()
  }
}
