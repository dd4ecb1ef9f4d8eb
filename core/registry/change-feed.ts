/** What can change under a reader of the database. */
export type ChangeTopic = 'candles' | 'aliases'

/**
 * Tells that something changed, whoever changed it, and nothing more: who hears it looks. A notice can be missed (the
 * connection was down), so who watches also looks at intervals of its own.
 */
export interface ChangeFeed {
  /** Calls `onChange` after each change, and once after each reconnection. Resolves once it listens, to its end. */
  watch(topic: ChangeTopic, onChange: () => void): Promise<() => Promise<void>>
}
