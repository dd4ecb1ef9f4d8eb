import type { DriftAction, DriftActions, Reinstatement } from '#core/registry'
import type { Database } from './database.ts'

const columns = `kind, version, symbol, width_ms AS "widthMs", at, reason,
  reinstated_at AS "reinstatedAt", reinstated_by AS "reinstatedBy", reinstated_why AS "reinstatedWhy"`

interface Row extends Omit<DriftAction, 'reinstated'> {
  readonly reinstatedAt: number | null
  readonly reinstatedBy: string | null
  readonly reinstatedWhy: string | null
}

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
       ON CONFLICT (version, symbol, width_ms, kind) WHERE reinstated_at IS NULL DO NOTHING RETURNING id`,
      [kind, version, symbol, widthMs, at, reason],
    )
    return rows.length > 0
  }

  of(version: number): Promise<readonly DriftAction[]> {
    return this.#actions('WHERE version = $1', [version])
  }

  async reinstate(version: number, { at, by, why }: Reinstatement): Promise<number> {
    const rows = await this.#database.query(
      `UPDATE bullpen.drift_actions SET reinstated_at = to_timestamp($2::float8 / 1000), reinstated_by = $3, reinstated_why = $4
       WHERE kind = 'hold-only' AND reinstated_at IS NULL AND version = $1 RETURNING id`,
      [version, at, by, why],
    )
    return rows.length
  }

  retrainWanted(): Promise<readonly DriftAction[]> {
    return this.#actions("WHERE kind = 'retrain-wanted' AND settled_at IS NULL")
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

  async #actions(where: string, values: readonly unknown[] = []): Promise<DriftAction[]> {
    const rows = await this.#database.query<Row>(
      `SELECT ${columns} FROM bullpen.drift_actions ${where} ORDER BY id`,
      values,
    )
    return rows.map(({ reinstatedAt, reinstatedBy, reinstatedWhy, ...action }) => ({
      ...action,
      ...(reinstatedAt === null ? {} : { reinstated: { at: reinstatedAt, by: reinstatedBy!, why: reinstatedWhy! } }),
    }))
  }
}
