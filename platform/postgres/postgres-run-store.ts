import { BullpenError, type ErrorData } from '#core/errors'
import {
  trialOfKey,
  type DataSetRecord,
  type HoldState,
  type Run,
  type RunHolder,
  type RunState,
  type RunStore,
  type TimeSpan,
  type TrialCount,
  type TrialRecord,
} from '#core/registry'
import { codeOf, type Database } from './database.ts'

const runColumns = 'id, state, spec, created_at AS "createdAt", updated_at AS "updatedAt", error, summary'

/** Runs, their tasks, trials and data sets in PostgreSQL. `clock` answers ms since the epoch. */
export class PostgresRunStore implements RunStore {
  readonly #database: Database
  readonly #clock: () => number

  constructor(database: Database, clock: () => number = Date.now) {
    this.#database = database
    this.#clock = clock
  }

  async create(id: string, spec: Readonly<Record<string, unknown>>): Promise<Run> {
    const [run] = await this.#database.query<Run>(
      `INSERT INTO bullpen.runs (id, state, spec, created_at, updated_at)
       VALUES ($1, 'created', $2, to_timestamp($3::float8 / 1000), to_timestamp($3::float8 / 1000))
       ON CONFLICT (id) DO NOTHING RETURNING ${runColumns}`,
      [id, toJson(spec), this.#clock()],
    )
    if (run === undefined) throw new BullpenError('RUN_EXISTS', { run: id })
    return run
  }

  async get(id: string): Promise<Run> {
    const [run] = await this.#database.query<Run>(`SELECT ${runColumns} FROM bullpen.runs WHERE id = $1`, [id])
    if (run === undefined) throw runNotFound(id)
    return run
  }

  async list(limit: number): Promise<Run[]> {
    return this.#database.query<Run>(`SELECT ${runColumns} FROM bullpen.runs ORDER BY number DESC LIMIT $1`, [limit])
  }

  async transition(
    id: string,
    state: RunState,
    { error, summary }: { error?: ErrorData; summary?: Readonly<Record<string, unknown>> } = {},
    hold?: string,
  ): Promise<void> {
    const changed = await this.#database.query(
      `UPDATE bullpen.runs SET state = $2, error = $3, summary = coalesce($4, summary),
              updated_at = greatest(updated_at, to_timestamp($5::float8 / 1000)::timestamptz(3))
       WHERE id = $1 AND ($6::uuid IS NULL OR EXISTS (
         SELECT FROM bullpen.run_holds h WHERE h.run_id = id AND h.token = $6 AND h.expires_at > clock_timestamp()))
       RETURNING id`,
      [id, state, error && toJson(error), summary && toJson(summary), this.#clock(), hold],
    )
    if (changed.length > 0) return
    await this.get(id)
    throw new BullpenError('RUN_HOLD_LOST', { run: id })
  }

  async hold(
    id: string,
    holder: string,
    ttlMs: number,
    { takeOverFrom }: { readonly takeOverFrom?: string } = {},
  ): Promise<string> {
    await this.get(id)
    const [taken] = await this.#database.query<{ token: string }>(
      `WITH taken AS (
         INSERT INTO bullpen.run_holds AS held (run_id, holder, token, expires_at)
         VALUES ($1, $2, gen_random_uuid(), clock_timestamp() + $3 * interval '1 ms')
         ON CONFLICT (run_id) DO UPDATE SET holder = excluded.holder, token = excluded.token,
           expires_at = excluded.expires_at, cancel_requested = false
         WHERE held.expires_at <= clock_timestamp() OR held.holder IN (excluded.holder, $4)
         RETURNING token)
       INSERT INTO bullpen.held_times (token, run_id, began_at, seen_at)
       SELECT token, $1, now(), now() FROM taken RETURNING token`,
      [id, holder, ttlMs, takeOverFrom],
    )
    if (taken !== undefined) return taken.token
    const [held] = await this.#database.query<{ holder: string; seconds: number }>(
      `SELECT holder, greatest(1, ceil(extract(epoch FROM expires_at - clock_timestamp())))::int AS seconds
       FROM bullpen.run_holds WHERE run_id = $1`,
      [id],
    )
    throw new BullpenError('RUN_HELD', {
      run: id,
      holder: held?.holder ?? 'another coordinator',
      seconds: held?.seconds ?? 1,
    })
  }

  async renewHold(id: string, token: string, ttlMs: number): Promise<HoldState> {
    const [renewed] = await this.#database.query<{ isCancelled: boolean }>(
      `WITH renewed AS (
         UPDATE bullpen.run_holds SET expires_at = clock_timestamp() + $3 * interval '1 ms'
         WHERE run_id = $1 AND token = $2 RETURNING token, cancel_requested),
       seen AS (
         UPDATE bullpen.held_times h SET seen_at = greatest(began_at, now()) FROM renewed r WHERE h.token = r.token)
       SELECT cancel_requested AS "isCancelled" FROM renewed`,
      [id, token, ttlMs],
    )
    if (renewed === undefined) return 'lost'
    return renewed.isCancelled ? 'cancel' : 'held'
  }

  async requestCancel(id: string): Promise<boolean> {
    const [held] = await this.#rowsOf<{ isCurrent: boolean }>(
      id,
      `UPDATE bullpen.run_holds SET cancel_requested = true WHERE run_id = $1
       RETURNING expires_at > clock_timestamp() AS "isCurrent"`,
    )
    return held?.isCurrent ?? false
  }

  async releaseHold(id: string, token: string): Promise<void> {
    await this.#database.query(
      `WITH released AS (DELETE FROM bullpen.run_holds WHERE run_id = $1 AND token = $2 RETURNING token)
       UPDATE bullpen.held_times h SET seen_at = greatest(began_at, now()) FROM released r WHERE h.token = r.token`,
      [id, token],
    )
  }

  async holder(id: string): Promise<RunHolder | null> {
    const [held] = await this.#rowsOf<RunHolder>(
      id,
      `SELECT holder, expires_at AS "expiresAt" FROM bullpen.run_holds
       WHERE run_id = $1 AND expires_at > clock_timestamp()`,
    )
    return held ?? null
  }

  async heldTimes(id: string): Promise<TimeSpan[]> {
    return this.#rowsOf<TimeSpan>(
      id,
      `SELECT began_at AS "from", seen_at AS until FROM bullpen.held_times WHERE run_id = $1 ORDER BY began_at, token`,
    )
  }

  async recordTask(id: string, key: string, result: unknown): Promise<void> {
    await this.#insert(
      id,
      'INSERT INTO bullpen.run_tasks (run_id, key, result) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [key, toJson(result)],
    )
  }

  async taskResults(id: string): Promise<ReadonlyMap<string, unknown>> {
    const rows = await this.#rowsOf<{ key: string; result: unknown }>(
      id,
      'SELECT key, result FROM bullpen.run_tasks WHERE run_id = $1',
    )
    return new Map(rows.map(({ key, result }) => [key, result]))
  }

  async recordTrial(id: string, trial: TrialRecord): Promise<void> {
    await this.#insert(
      id,
      `WITH trial AS (
         INSERT INTO bullpen.trials (run_id, number, state, parameters, score, metrics, duration_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING run_id, number
       )
       INSERT INTO bullpen.folds (run_id, trial, fold, metrics)
       SELECT run_id, number, fold, metrics FROM trial, jsonb_to_recordset($8) AS f (fold integer, metrics jsonb)`,
      [
        trial.number,
        trial.state,
        toJson(trial.parameters),
        Number.isFinite(trial.score) ? trial.score : null,
        toJson(trial.metrics),
        trial.durationMs,
        toJson(trial.folds),
      ],
    )
  }

  async trials(id: string): Promise<TrialRecord[]> {
    return this.#rowsOf<TrialRecord>(
      id,
      `SELECT number, state, parameters, score, metrics, duration_ms AS "durationMs",
              coalesce((SELECT jsonb_agg(jsonb_build_object('fold', fold, 'metrics', f.metrics) ORDER BY fold)
                        FROM bullpen.folds f WHERE f.run_id = t.run_id AND f.trial = t.number), '[]') AS folds
       FROM bullpen.trials t WHERE run_id = $1 ORDER BY number`,
    )
  }

  async trialCounts({ symbol, widthMs }: { readonly symbol: string; readonly widthMs: number }): Promise<TrialCount[]> {
    return this.#database.query<TrialCount>(
      `SELECT r.id AS "runId",
              count(DISTINCT trial) FILTER (WHERE trial LIKE 'search/%')::int AS search,
              count(DISTINCT trial) FILTER (WHERE trial LIKE 'outer-%')::int AS outer
       FROM bullpen.runs r
       LEFT JOIN LATERAL (SELECT substring(key FROM $3) AS trial FROM bullpen.run_tasks t WHERE t.run_id = r.id) scored ON true
       WHERE r.spec->'candles'->>'symbol' = $1 AND r.spec->'candles'->'widthMs' = to_jsonb($2::bigint)
       GROUP BY r.id, r.number ORDER BY r.number`,
      [symbol, widthMs, trialOfKey],
    )
  }

  async recordDataSet(id: string, { kind, sha256, rows, columns }: DataSetRecord): Promise<void> {
    await this.#insert(
      id,
      `WITH data_set AS (
         INSERT INTO bullpen.data_sets (sha256, kind, rows, columns) VALUES ($2, $3, $4, $5) ON CONFLICT DO NOTHING
       )
       INSERT INTO bullpen.run_data_sets (run_id, kind, sha256) VALUES ($1, $3, $2) ON CONFLICT DO NOTHING`,
      [sha256, kind, rows, columns],
    )
  }

  async dataSets(id: string): Promise<DataSetRecord[]> {
    return this.#rowsOf<DataSetRecord>(
      id,
      `SELECT kind, sha256, rows, columns FROM bullpen.run_data_sets JOIN bullpen.data_sets USING (kind, sha256)
       WHERE run_id = $1 ORDER BY number`,
    )
  }

  /** Inserts something that belongs to a run. */
  async #insert(id: string, sql: string, values: readonly unknown[]): Promise<void> {
    try {
      await this.#database.query(sql, [id, ...values])
    } catch (error) {
      if (codeOf(error) === foreignKeyViolation) throw runNotFound(id)
      throw error
    }
  }

  async #rowsOf<Row extends object>(id: string, sql: string): Promise<Row[]> {
    const rows = await this.#database.query<Row>(sql, [id])
    if (rows.length === 0) await this.get(id)
    return rows
  }
}

const foreignKeyViolation = '23503'

function runNotFound(run: string): BullpenError {
  return new BullpenError('RUN_NOT_FOUND', { run })
}

/** As a text, because pg would turn an array into a PostgreSQL array. */
function toJson(value: unknown): string {
  return JSON.stringify(value ?? null)
}
