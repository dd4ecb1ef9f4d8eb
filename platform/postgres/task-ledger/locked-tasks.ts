import type { TaskHistory, TaskName, TaskOutcome } from '#core/protocol'
import type { Query } from '../database.ts'

/** A task whose row this transaction has locked. */
export interface LockedTask extends TaskHistory {
  readonly state: 'waiting' | 'leased' | 'finished'
  readonly token: string | null
  readonly leasedAt: number
  readonly now: number
  /** Whether its run is one of the run store's. */
  readonly isOfRun: boolean
}

/** What becomes of a locked task. */
export interface Settlement {
  readonly task: LockedTask
  /** Its outcome; or it waits again; or it waits again as if it had never been leased. */
  readonly end: TaskOutcome | 'retry' | 'unused'
  /** Set when a report ended the lease: it keeps its token, so that it may be repeated. */
  readonly isReported?: boolean
  /** Set when its worker was lost. */
  readonly isLost?: boolean
}

/**
 * Locks the tasks that meet `condition` and answers them. Every statement that locks several tasks does so in the order
 * of their ids, so that no two calls wait for each other; `SKIP LOCKED` statements wait for nobody.
 */
export async function lockTasks(
  query: Query,
  condition: string,
  values: readonly unknown[],
  { skipLocked = false } = {},
): Promise<LockedTask[]> {
  const rows = await query<Omit<LockedTask, 'id' | 'name'> & { name: TaskName }>(
    `SELECT run_id AS "runId", key, name, attempts, attempt, worker, lost_workers AS "lostWorkers", cancelled, state,
            token, coalesce(leased_at, added_at) AS "leasedAt", clock_timestamp() AS now,
            EXISTS (SELECT FROM bullpen.runs WHERE runs.id = run_id) AS "isOfRun"
     FROM bullpen.tasks WHERE ${condition} ORDER BY run_id, key FOR UPDATE OF tasks ${skipLocked ? 'SKIP LOCKED' : ''}`,
    values,
  )
  return rows.map((row) => ({ ...row, id: `${row.runId}/${row.key}` }))
}

/** Writes what becomes of locked tasks, and successful results into the record of their run, in one statement. */
export async function settleTasks(query: Query, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length === 0) return
  const rows = settlements.map(({ task, end, isReported = false, isLost = false }) => {
    const { runId, key } = task
    const back = { runId, key, isReported, isLost, outcome: null, result: null, durationMs: null }
    if (typeof end === 'string') return { ...back, unused: end === 'unused' ? 1 : 0 }
    const isRecorded = end.ok && task.isOfRun
    const outcome = JSON.stringify(isRecorded ? { ...end, recorded: true } : end)
    const result = isRecorded ? JSON.stringify(end.result) : null
    return { ...back, unused: 0, outcome, result, durationMs: end.ok ? end.finishedAt - end.startedAt : null }
  })
  const column = <K extends keyof (typeof rows)[number]>(name: K) => rows.map((row) => row[name])
  await query(
    `WITH settled AS MATERIALIZED (
       SELECT * FROM unnest($1::text[], $2::text[], $3::json[], $4::json[], $5::float8[], $6::int[], $7::bool[], $8::bool[])
         AS s (run_id, key, outcome, result, duration_ms, unused, is_reported, is_lost)
     ), recorded AS (
       INSERT INTO bullpen.run_tasks (run_id, key, result)
       SELECT run_id, key, result FROM settled WHERE result IS NOT NULL ORDER BY run_id, key ON CONFLICT DO NOTHING
     )
     UPDATE bullpen.tasks AS t SET
       state = CASE WHEN s.outcome IS NULL THEN 'waiting' ELSE 'finished' END,
       attempt = t.attempt - s.unused,
       lost_workers = CASE WHEN s.is_lost THEN t.lost_workers || t.worker ELSE t.lost_workers END,
       cancelled = NULL,
       token = CASE WHEN s.is_reported THEN t.token END,
       told_at = CASE WHEN s.outcome IS NULL THEN '-infinity' ELSE t.told_at END,
       ended_at = CASE WHEN s.outcome IS NOT NULL THEN clock_timestamp() END,
       duration_ms = s.duration_ms,
       outcome = s.outcome
     FROM settled AS s WHERE t.run_id = s.run_id AND t.key = s.key`,
    [
      column('runId'),
      column('key'),
      column('outcome'),
      column('result'),
      column('durationMs'),
      column('unused'),
      column('isReported'),
      column('isLost'),
    ],
  )
}
