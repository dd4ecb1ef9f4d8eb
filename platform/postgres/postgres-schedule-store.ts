import {
  mostClaims,
  type ClaimRefusal,
  type Schedule,
  type ScheduleClaim,
  type ScheduledRun,
  type ScheduleStore,
} from '#core/schedule'
import type { Database, Query } from './database.ts'

const columns = `schedule, due, state, claimed_by AS "claimedBy", attempts, claimed_at AS "claimedAt",
  state = 'claimed' AND claim_until > clock_timestamp() AS "isAlive", runs, ended_at AS "endedAt", reason`

const held = `schedule = $1 AND due = to_timestamp($2::float8 / 1000) AND token = $3 AND state = 'claimed'`

/** Schedules and their runs in PostgreSQL, whose clock says which claims have lapsed. */
export class PostgresScheduleStore implements ScheduleStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async declare(name: string, cron: string, now: number): Promise<Schedule> {
    await this.#database.query(
      `INSERT INTO bullpen.schedules AS s (name, cron, since) VALUES ($1, $2, to_timestamp($3::float8 / 1000))
       ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, since = excluded.since WHERE s.cron <> excluded.cron`,
      [name, cron, now],
    )
    return { name, cron, since: await this.#since(name) }
  }

  schedules(): Promise<readonly Schedule[]> {
    return this.#database.query<Schedule>('SELECT name, cron, since FROM bullpen.schedules ORDER BY name')
  }

  async claim(
    schedule: string,
    due: number,
    { name, ttlMs, now }: { readonly name: string; readonly ttlMs: number; readonly now: number },
  ): Promise<ScheduleClaim | ClaimRefusal> {
    return this.#database.transaction(async (query) => {
      // One claimer of a schedule at a time: overlap is a matter of several rows.
      await query('SELECT FROM bullpen.schedules WHERE name = $1 FOR UPDATE', [schedule])
      await giveUp(query, schedule, due, now)
      const [inTheWay] = await query<ScheduledRun>(
        `SELECT ${columns} FROM bullpen.scheduled_runs WHERE schedule = $1
           AND (due = to_timestamp($2::float8 / 1000) AND state <> 'claimed'
             OR state = 'claimed' AND claim_until > clock_timestamp())
         ORDER BY due = to_timestamp($2::float8 / 1000) DESC LIMIT 1`,
        [schedule, due],
      )
      if (inTheWay) {
        if (inTheWay.state !== 'claimed') return { refused: 'ended', by: inTheWay }
        return { refused: inTheWay.due === due ? 'running' : 'overlap', by: inTheWay }
      }
      const [claim] = await query<ScheduleClaim>(
        `INSERT INTO bullpen.scheduled_runs AS r
           (schedule, due, state, claimed_by, attempts, token, claimed_at, claim_until)
         VALUES ($1, to_timestamp($2::float8 / 1000), 'claimed', $3, 1, gen_random_uuid(),
           to_timestamp($4::float8 / 1000), clock_timestamp() + $5 * interval '1 ms')
         ON CONFLICT (schedule, due) DO UPDATE SET claimed_by = excluded.claimed_by, attempts = r.attempts + 1,
           token = excluded.token, claimed_at = excluded.claimed_at, claim_until = excluded.claim_until
         RETURNING schedule, due, token, attempts AS attempt, runs`,
        [schedule, due, name, now, ttlMs],
      )
      return claim!
    })
  }

  async renew(claim: ScheduleClaim, ttlMs: number): Promise<boolean> {
    return this.#change(claim, `claim_until = clock_timestamp() + $4 * interval '1 ms'`, [ttlMs])
  }

  async begin(claim: ScheduleClaim, source: string, runId: string): Promise<boolean> {
    return this.#change(claim, 'runs = runs || jsonb_build_object($4::text, $5::text)', [source, runId])
  }

  async end(claim: ScheduleClaim, state: 'done' | 'failed', reason: string | null, now: number): Promise<boolean> {
    return this.#change(claim, 'state = $4, reason = $5, ended_at = to_timestamp($6::float8 / 1000)', [
      state,
      reason,
      now,
    ])
  }

  async release(claim: ScheduleClaim): Promise<boolean> {
    // It is given back, not dead: the claim does not count.
    return this.#change(claim, 'claim_until = clock_timestamp(), attempts = attempts - 1', [])
  }

  async miss(schedule: string, dues: readonly number[], reason: string, now: number): Promise<readonly number[]> {
    const rows = await this.#database.query<{ due: number }>(
      `INSERT INTO bullpen.scheduled_runs (schedule, due, state, ended_at, reason)
       SELECT $1, to_timestamp(due / 1000), 'missed', to_timestamp($4::float8 / 1000), $3
       FROM unnest($2::float8[]) AS due
       ON CONFLICT DO NOTHING RETURNING due`,
      [schedule, dues, reason, now],
    )
    return rows.map(({ due }) => due)
  }

  runs(schedule: string, limit: number): Promise<readonly ScheduledRun[]> {
    return this.#database.query<ScheduledRun>(
      `SELECT ${columns} FROM bullpen.scheduled_runs WHERE schedule = $1 ORDER BY due DESC LIMIT $2`,
      [schedule, limit],
    )
  }

  async #since(name: string): Promise<number> {
    const [row] = await this.#database.query<{ since: number }>('SELECT since FROM bullpen.schedules WHERE name = $1', [
      name,
    ])
    return row!.since
  }

  async #change({ schedule, due, token }: ScheduleClaim, change: string, values: readonly unknown[]): Promise<boolean> {
    const rows = await this.#database.query(
      `UPDATE bullpen.scheduled_runs SET ${change} WHERE ${held} RETURNING schedule`,
      [schedule, due, token, ...values],
    )
    return rows.length > 0
  }
}

/** Ends what nobody is at any more: earlier due times, and this one when too many claims of it have died. */
async function giveUp(query: Query, schedule: string, due: number, now: number): Promise<void> {
  await query(
    `UPDATE bullpen.scheduled_runs SET ended_at = to_timestamp($3::float8 / 1000),
       state = CASE WHEN due = to_timestamp($2::float8 / 1000) THEN 'failed' ELSE 'missed' END,
       reason = CASE WHEN due = to_timestamp($2::float8 / 1000) THEN 'whoever ran it died, ' || attempts || ' times'
         ELSE 'whoever ran it died, and the next one was due' END
     WHERE schedule = $1 AND state = 'claimed' AND claim_until <= clock_timestamp()
       AND (due < to_timestamp($2::float8 / 1000) OR due = to_timestamp($2::float8 / 1000) AND attempts >= $4)`,
    [schedule, due, now, mostClaims],
  )
}
