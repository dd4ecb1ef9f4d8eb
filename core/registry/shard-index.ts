/** A shard of features in the object store. */
export interface ShardEntry {
  /** Its SHA-256 in the object store. */
  readonly object: string
  readonly rows: number
  readonly columns: number
  /** Hashes of the states of the kernels before its first row and after its last. */
  readonly startState: string
  readonly endState: string
}

/**
 * Which object holds the shard that a key stands for. A key is the SHA-256 of everything the shard is computed from, so
 * an entry never goes stale; whether its object is still there is for the object store to say. Database adapters throw
 * DATABASE_UNAVAILABLE.
 */
export interface ShardIndex {
  find(key: string): Promise<ShardEntry | null>
  /** Durable when this resolves. Another entry for a known key takes the place of the first. */
  record(key: string, entry: ShardEntry): Promise<void>
}
