import { afterCancel, afterLapse, isSuspect } from '#core/protocol'
import type {
  AttemptReport,
  LeasedTask,
  LeaseRequest,
  Renewal,
  ReportVerdict,
  Route,
  RouteLoad,
  Task,
  TaskLease,
  TaskLedger,
  TaskOutcome,
  WaitingTask,
} from '#core/protocol'
import type { Database } from './database.ts'
import { addTasks } from './task-ledger/add-tasks.ts'
import { leaseTasks, unflushed } from './task-ledger/lease-tasks.ts'
import { lockTasks, settleTasks } from './task-ledger/locked-tasks.ts'
import { reportAttempts } from './task-ledger/report-attempts.ts'
import { splitIds, tokensOf } from './task-ledger/task-ids.ts'

/** How many of the last successful tasks say how long a kind takes. */
const recentTasks = 2000

/** The task ledger that machines share: table `bullpen.tasks`, times by the clock of the database. */
export class PostgresTaskLedger implements TaskLedger {
  readonly #database: Database
  readonly #graceTerms: number

  /**
   * `graceTerms`: for how many lengths of a lease after the start of the server it does not lapse. While the server was
   * away nobody could renew, and workers that waited for it must not be taken for lost.
   */
  constructor(database: Database, { graceTerms = 1 }: { readonly graceTerms?: number } = {}) {
    this.#database = database
    this.#graceTerms = graceTerms
  }

  add(tasks: readonly Task[], route: Route): Promise<readonly string[]> {
    return addTasks(this.#database, tasks, route)
  }

  lease(request: LeaseRequest): Promise<readonly TaskLease[]> {
    return leaseTasks(this.#database, request)
  }

  async renew(tokens: readonly string[], ttlMs: number): Promise<Renewal> {
    const sql = `
      WITH mine AS (
        SELECT run_id, key FROM bullpen.tasks WHERE token = ANY ($1::uuid[]) AND state = 'leased'
        ORDER BY run_id, key FOR UPDATE
      )
      UPDATE bullpen.tasks t SET lease_until = clock_timestamp() + $2 * interval '1 ms', lease_ms = $2
      FROM mine WHERE t.run_id = mine.run_id AND t.key = mine.key RETURNING token, cancelled`
    const renewed = await this.#database.transaction(
      (query) => query<{ token: string; cancelled: string | null }>(sql, [tokensOf(tokens), ttlMs]),
      unflushed,
    )
    const stateOf = new Map(renewed.map(({ token, cancelled }) => [token, cancelled]))
    return {
      lost: tokens.filter((token) => !stateOf.has(token)),
      cancelled: tokens.filter((token) => stateOf.get(token) === 'abort'),
    }
  }

  async release(tokens: readonly string[]): Promise<void> {
    await this.#database.transaction(async (query) => {
      const tasks = await lockTasks(query, "token = ANY ($1::uuid[]) AND state = 'leased'", [tokensOf(tokens)])
      const settlements = tasks.map((task) => {
        const attempt = task.attempt - 1
        const end = task.cancelled === null ? 'unused' : afterCancel({ ...task, attempt }, task.now)
        return { task, end } as const
      })
      await settleTasks(query, settlements)
    }, unflushed)
  }

  report(reports: readonly AttemptReport[]): Promise<readonly ReportVerdict[]> {
    return reportAttempts(this.#database, reports)
  }

  async expire(): Promise<readonly { readonly id: string; readonly runId: string }[]> {
    const lapsed = `state = 'leased' AND greatest(lease_until, pg_postmaster_start_time() + $1 * lease_ms * interval '1 ms')
      <= statement_timestamp()`
    const values = [this.#graceTerms]
    const [some] = await this.#database.query(`SELECT FROM bullpen.tasks WHERE ${lapsed} LIMIT 1`, values)
    if (!some) return []
    return this.#database.transaction(async (query) => {
      // A lease that somebody else has locked is being reported, renewed or ended this moment.
      const tasks = await lockTasks(query, lapsed, values, { skipLocked: true })
      const settlements = tasks.map((task) => ({
        task,
        end: afterLapse(task, task.leasedAt, task.now),
        isLost: true,
      }))
      await settleTasks(query, settlements)
      return settlements.filter(({ end }) => end !== 'retry').map(({ task: { id, runId } }) => ({ id, runId }))
    })
  }

  async waiting(route: Route, { olderThanMs, limit }: { olderThanMs: number; limit: number }): Promise<WaitingTask[]> {
    const sql = `
      WITH chosen AS (
        SELECT run_id, key FROM bullpen.tasks
        WHERE route = $1 AND state = 'waiting' AND told_at <= statement_timestamp() - $2 * interval '1 ms'
        ORDER BY priority DESC, added_at, position LIMIT $3 FOR UPDATE SKIP LOCKED
      ), told AS (
        UPDATE bullpen.tasks t SET told_at = statement_timestamp()
        FROM chosen WHERE t.run_id = chosen.run_id AND t.key = chosen.key RETURNING t.*
      )
      SELECT run_id || '/' || key AS id, run_id AS "runId", kind, priority, attempt AS attempts,
             cardinality(lost_workers) AS lost
      FROM told ORDER BY priority DESC, added_at, position`
    const rows = await this.#database.transaction(
      (query) => query<Omit<WaitingTask, 'suspect'> & { lost: number }>(sql, [route, olderThanMs, limit]),
      unflushed,
    )
    return rows.map(({ lost, ...task }) => ({ ...task, suspect: isSuspect(lost) }))
  }

  cancel(runId: string, running: 'abort' | 'finish'): Promise<readonly string[]> {
    return this.#database.transaction(async (query) => {
      const tasks = await lockTasks(query, "run_id = $1 AND state <> 'finished'", [runId])
      const waiting = tasks.filter(({ state }) => state === 'waiting')
      await settleTasks(
        query,
        waiting.map((task) => ({ task, end: afterCancel(task, task.now), isReported: true })),
      )
      await query(
        `UPDATE bullpen.tasks SET cancelled = $2
         WHERE run_id = $1 AND state = 'leased' AND cancelled IS DISTINCT FROM 'abort'`,
        [runId, running],
      )
      return waiting.map(({ id }) => id)
    })
  }

  async outcomes(runId: string, ids: readonly string[]): Promise<readonly TaskOutcome[]> {
    const keys = splitIds(ids.filter((id) => id.startsWith(`${runId}/`)))[1]
    const rows = await this.#database.query<{ outcome: TaskOutcome }>(
      `SELECT outcome FROM bullpen.tasks JOIN unnest($2::text[]) WITH ORDINALITY AS wanted (key, place) USING (key)
       WHERE run_id = $1 AND state = 'finished' ORDER BY place`,
      [runId, keys],
    )
    return rows.map(({ outcome }) => outcome)
  }

  async finished(runId: string, withinMs?: number): Promise<readonly string[]> {
    const rows = await this.#database.query<{ id: string }>(
      `SELECT run_id || '/' || key AS id FROM bullpen.tasks
       WHERE run_id = $1 AND state = 'finished'
         AND ($2::float8 IS NULL OR ended_at >= statement_timestamp() - $2 * interval '1 ms')
       ORDER BY ended_at`,
      [runId, withinMs],
    )
    return rows.map(({ id }) => id)
  }

  async reopen(runId: string): Promise<void> {
    await this.#database.transaction(async (query) => {
      await lockTasks(query, "run_id = $1 AND (state = 'leased' OR state = 'finished' AND duration_ms IS NULL)", [
        runId,
      ])
      await query("DELETE FROM bullpen.tasks WHERE run_id = $1 AND state = 'finished' AND duration_ms IS NULL", [runId])
      await query("UPDATE bullpen.tasks SET cancelled = NULL WHERE run_id = $1 AND state = 'leased'", [runId])
    })
  }

  async forget(runId: string): Promise<void> {
    await this.#database.transaction(async (query) => {
      await query('SELECT FROM bullpen.tasks WHERE run_id = $1 ORDER BY run_id, key FOR UPDATE', [runId])
      await query('DELETE FROM bullpen.tasks WHERE run_id = $1', [runId])
    })
  }

  async meanDurations(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.query<{ kind: string; mean: number }>(
      `SELECT kind, avg(duration_ms) AS mean FROM (
         SELECT kind, duration_ms FROM bullpen.tasks WHERE state = 'finished' AND duration_ms IS NOT NULL
         ORDER BY ended_at DESC LIMIT ${recentTasks}
       ) AS recent GROUP BY kind`,
    )
    return new Map(rows.map(({ kind, mean }) => [kind, mean]))
  }

  async load(): Promise<readonly RouteLoad[]> {
    return this.#database.query<RouteLoad>(
      `SELECT route, sum(waiting)::int AS waiting, sum(leased)::int AS leased, sum(finished)::int AS "finishedLastMinute"
       FROM (
         SELECT route, count(*) AS waiting, 0 AS leased, 0 AS finished
         FROM bullpen.tasks WHERE state = 'waiting' GROUP BY route
         UNION ALL
         SELECT route, 0, count(*), 0 FROM bullpen.tasks WHERE state = 'leased' GROUP BY route
         UNION ALL
         SELECT route, 0, 0, count(*) FROM bullpen.tasks
         WHERE state = 'finished' AND ended_at >= statement_timestamp() - interval '1 minute' GROUP BY route
       ) AS counted GROUP BY route ORDER BY route`,
    )
  }

  async leased(): Promise<readonly LeasedTask[]> {
    const rows = await this.#database.query<Omit<LeasedTask, 'meanMs'>>(
      `SELECT run_id || '/' || key AS id, run_id AS "runId", kind, worker, attempt, leased_at AS "leasedAt"
       FROM bullpen.tasks WHERE state = 'leased' ORDER BY added_at, position`,
    )
    const means = await this.meanDurations()
    return rows.map((row) => ({ ...row, meanMs: means.get(row.kind) ?? null }))
  }
}
