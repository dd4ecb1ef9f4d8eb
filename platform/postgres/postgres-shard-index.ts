import type { ShardEntry, ShardIndex } from '#core/registry'
import type { Database } from './database.ts'

/** The shard index in PostgreSQL. */
export class PostgresShardIndex implements ShardIndex {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async find(key: string): Promise<ShardEntry | null> {
    const [entry] = await this.#database.query<ShardEntry>(
      `SELECT object, rows, columns, start_state AS "startState", end_state AS "endState"
       FROM bullpen.feature_shards WHERE key = $1`,
      [key],
    )
    return entry ?? null
  }

  async record(key: string, { object, rows, columns, startState, endState }: ShardEntry): Promise<void> {
    await this.#database.query(
      `INSERT INTO bullpen.feature_shards AS known (key, object, rows, columns, start_state, end_state)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (key) DO UPDATE SET object = excluded.object, rows = excluded.rows, columns = excluded.columns,
         start_state = excluded.start_state, end_state = excluded.end_state, recorded_at = now()`,
      [key, object, rows, columns, startState, endState],
    )
  }
}
