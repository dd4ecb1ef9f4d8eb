import type { DriftAction, DriftActions } from '#core/registry'
import type { Database } from './database.ts'

const columns = `kind, version, symbol, width_ms AS "widthMs", at, reason`

/** Consequences of drift in PostgreSQL. */
export class PostgresDriftActions implements DriftActions {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async record({ kind, version, symbol, widthMs, at, reason }: DriftAction): Promise<boolean> {
    const rows = await this.#database.query(
      `INSERT INTO bullpen.drift_actions (kind, version, symbol, width_ms, at, reason)
       VALUES ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), $6)
       ON CONFLICT ON CONSTRAINT drift_acts_once DO NOTHING RETURNING id`,
      [kind, version, symbol, widthMs, at, reason],
    )
    return rows.length > 0
  }

  of(version: number): Promise<readonly DriftAction[]> {
    return this.#database.query<DriftAction>(
      `SELECT ${columns} FROM bullpen.drift_actions WHERE version = $1 ORDER BY id`,
      [version],
    )
  }

  retrainWanted(): Promise<readonly DriftAction[]> {
    return this.#database.query<DriftAction>(
      `SELECT ${columns} FROM bullpen.drift_actions
       WHERE kind = 'retrain-wanted' AND settled_at IS NULL ORDER BY id`,
    )
  }

  async settleRetrain({ symbol, widthMs }: { symbol: string; widthMs: number }, at: number): Promise<number> {
    const rows = await this.#database.query(
      `UPDATE bullpen.drift_actions SET settled_at = to_timestamp($3::float8 / 1000)
       WHERE kind = 'retrain-wanted' AND settled_at IS NULL AND symbol = $1 AND width_ms = $2
         AND at <= to_timestamp($3::float8 / 1000) RETURNING id`,
      [symbol, widthMs, at],
    )
    return rows.length
  }
}
