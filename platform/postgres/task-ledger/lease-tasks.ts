import { createHash } from 'node:crypto'
import { isLastChance, lendable, type LeaseRequest, type Task, type TaskLease } from '#core/protocol'
import type { Database } from '../database.ts'
import { splitIds } from './task-ids.ts'

/**
 * Leases need not survive a crash of the database: a lease that is forgotten frees the task, and its token, random and
 * never lent again, is refused. So their transactions do not wait for the disk. Reports do, and with them all before.
 */
export const unflushed = 'SET LOCAL synchronous_commit = off'

interface Candidate {
  readonly runId: string
  readonly key: string
  readonly lost: number
  readonly held: readonly number[] | null
}

/**
 * Leases what of `ids` waits and may go to this worker. Calls of one worker queue up behind an advisory lock, because
 * which tasks go together depends on what it holds.
 */
export function leaseTasks(
  database: Database,
  { ids, route, worker, ttlMs }: LeaseRequest,
): Promise<readonly TaskLease[]> {
  const [runIds, keys] = splitIds(ids)
  const first = `${unflushed}; SELECT pg_advisory_xact_lock(${lockOf(worker)})`
  return database.transaction(async (query) => {
    const found = await query<Candidate>(
      `SELECT run_id AS "runId", key, cardinality(lost_workers) AS lost,
              (SELECT array_agg(cardinality(h.lost_workers)) FROM bullpen.tasks h
               WHERE h.worker = $4 AND h.state = 'leased') AS held
       FROM bullpen.tasks t JOIN unnest($1::text[], $2::text[]) AS wanted (run_id, key) USING (run_id, key)
       WHERE t.state = 'waiting' AND t.route = $3
       ORDER BY run_id, key FOR UPDATE OF t`,
      [runIds, keys, route, worker],
    )
    const places = new Map([...new Set(ids)].map((id, place) => [id, place]))
    const place = ({ runId, key }: { runId: string; key: string }) => places.get(`${runId}/${key}`)!
    const candidates = [...found].sort((a, b) => place(a) - place(b))
    const lent = lendable(candidates, found[0]?.held ?? [])
    if (lent.length === 0) return []
    const leases = await query<{
      runId: string
      key: string
      task: Task
      attempt: number
      token: string
      lost: number
    }>(
      `UPDATE bullpen.tasks t SET state = 'leased', attempt = attempt + 1, token = gen_random_uuid(), worker = $3,
              leased_at = clock_timestamp(), lease_until = clock_timestamp() + $4 * interval '1 ms',
              lease_ms = $4
       FROM unnest($1::text[], $2::text[]) AS lent (run_id, key)
       WHERE t.run_id = lent.run_id AND t.key = lent.key
       RETURNING t.run_id AS "runId", t.key, task, attempt, token, cardinality(lost_workers) AS lost`,
      [lent.map(({ runId }) => runId), lent.map(({ key }) => key), worker, ttlMs],
    )
    leases.sort((a, b) => place(a) - place(b))
    return leases.map(({ task, attempt, token, lost }) => ({ task, attempt, token, alone: isLastChance(lost) }))
  }, first)
}

/** A number for a worker's advisory lock; two workers with the same one only wait for each other. */
function lockOf(worker: string): number {
  return createHash('sha256').update(worker).digest().readUIntBE(0, 6)
}
