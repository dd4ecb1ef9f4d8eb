/** What can change under a reader of the database. */
export type ChangeTopic = 'candles' | 'aliases'

/**
 * Tells that something changed, whoever changed it, and nothing more: who hears it looks. A notice can be missed (the
 * connection was down), so who watches also looks at intervals of its own.
 */
export interface ChangeFeed {
  /**
   * Calls `onChange` after each change, and once after each reconnection; changes close together may be told as one.
   * Resolves, to its end, once it listens. When the database is away it resolves all the same and goes on trying: the
   * first connection then counts as a reconnection. `onChange` must not throw.
   */
  watch(topic: ChangeTopic, onChange: () => void): Promise<() => Promise<void>>
}
