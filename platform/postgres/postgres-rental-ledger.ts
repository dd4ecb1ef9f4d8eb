import type { PlannedRental, Rental, RentalLedger, RentalQuery, TargetName } from '#core/protocol'
import type { Database } from './database.ts'

const columns = `id, cluster, target, name, kind, place, price, booked_at AS "bookedAt", started_at AS "startedAt",
  ends_at AS "endsAt", ended_at AS "endedAt", ended_because AS "endedBecause", run_id AS "runId"`

/** Milliseconds since the epoch as the server's time. */
const time = (parameter: string): string => `to_timestamp(${parameter}::float8 / 1000)`

/** Rentals in table `bullpen.rentals`. Throws DATABASE_UNAVAILABLE; every call may be made again. */
export class PostgresRentalLedger implements RentalLedger {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  book(
    cluster: string,
    target: TargetName,
    planned: readonly PlannedRental[],
    at: { readonly now: number; readonly endsAt: number },
  ): Promise<readonly Rental[]> {
    return this.#database.transaction(async (query) => {
      // Bookings of one cluster one after another: each sees the names that are open already.
      await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 12))', [`rentals of ${cluster}`])
      await query(
        `INSERT INTO bullpen.rentals (cluster, target, name, kind, place, price, n, booked_at, ends_at)
         SELECT $1, $2, p.name, p.kind, p.place, p.price,
                1 + coalesce((SELECT max(r.n) FROM bullpen.rentals r WHERE r.cluster = $1 AND r.name = p.name), 0),
                ${time('$4')}, ${time('$5')}
         FROM ROWS FROM (jsonb_to_recordset($3) AS (name text, kind text, place text, price jsonb))
              WITH ORDINALITY AS p (name, kind, place, price, position)
         WHERE NOT EXISTS (
           SELECT FROM bullpen.rentals r WHERE r.cluster = $1 AND r.name = p.name AND r.ended_at IS NULL)
         ORDER BY p.position`,
        [cluster, target, JSON.stringify(planned), at.now, at.endsAt],
      )
      return query<Rental>(
        `SELECT ${columns} FROM bullpen.rentals WHERE cluster = $1 AND ended_at IS NULL AND name = ANY ($2)
         ORDER BY array_position($2, name)`,
        [cluster, planned.map(({ name }) => name)],
      )
    })
  }

  async started(id: string, place: string, now: number): Promise<boolean> {
    const rows = await this.#database.query(
      `UPDATE bullpen.rentals SET started_at = coalesce(started_at, ${time('$3')}), place = $2
       WHERE id = $1 AND ended_at IS NULL RETURNING id`,
      [id, place, now],
    )
    return rows.length > 0
  }

  async renew(cluster: string, at: { readonly now: number; readonly endsAt: number }): Promise<boolean> {
    const [counted] = await this.#database.query<{ lapsed: number }>(
      `WITH open AS (
         SELECT id, ends_at <= ${time('$2')} AS lapsed FROM bullpen.rentals
         WHERE cluster = $1 AND ended_at IS NULL FOR UPDATE),
       renewed AS (
         UPDATE bullpen.rentals r SET ends_at = greatest(r.ends_at, ${time('$3')})
         FROM open WHERE r.id = open.id AND NOT open.lapsed)
       SELECT count(*)::int AS lapsed FROM open WHERE lapsed`,
      [cluster, at.now, at.endsAt],
    )
    return counted?.lapsed === 0
  }

  async assign(cluster: string, runId: string): Promise<void> {
    await this.#database.query('UPDATE bullpen.rentals SET run_id = $2 WHERE cluster = $1 AND ended_at IS NULL', [
      cluster,
      runId,
    ])
  }

  async ended(id: string, because: string, now: number): Promise<void> {
    await this.#database.query(
      `UPDATE bullpen.rentals SET ended_at = ${time('$3')}, ended_because = $2 WHERE id = $1 AND ended_at IS NULL`,
      [id, because, now],
    )
  }

  async rental(id: string): Promise<Rental | undefined> {
    const [found] = await this.#database.query<Rental>(`SELECT ${columns} FROM bullpen.rentals WHERE id = $1`, [id])
    return found
  }

  list({ cluster, target, runId, open }: RentalQuery): Promise<readonly Rental[]> {
    return this.#database.query<Rental>(
      `SELECT ${columns} FROM bullpen.rentals
       WHERE ($1::text IS NULL OR cluster = $1) AND ($2::text IS NULL OR target = $2)
         AND ($3::text IS NULL OR run_id = $3) AND ($4::boolean IS NULL OR (ended_at IS NULL) = $4)
       ORDER BY position DESC`,
      [cluster, target, runId, open],
    )
  }
}
