import type { Database } from './database.ts'

/** Agents seen within `withinMs`, oldest first, with the state that their heartbeats tell. */
export function listAgents<Row extends object>(database: Database, withinMs: number): Promise<Row[]> {
  return database.query<Row>(
    `SELECT id, host, pid, route, threads, cores, memory_bytes AS "memoryBytes", engine, versions, price,
            CASE WHEN left_at IS NOT NULL THEN 'left' WHEN lost_at <= now() THEN 'lost' ELSE state END AS state,
            busy, done, failed, joined_at AS "joinedAt", heartbeat_at AS "heartbeatAt", left_at AS "leftAt",
            left_because AS "leftBecause"
     FROM (SELECT *, heartbeat_at + 3 * heartbeat_ms * interval '1 ms' AS lost_at FROM bullpen.agents) AS known
     WHERE coalesce(left_at, lost_at) >= now() - $1 * interval '1 ms'
     ORDER BY joined_at, id`,
    [withinMs],
  )
}
