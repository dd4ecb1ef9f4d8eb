import { BullpenError } from '#core/errors'
import { sha256Json } from '#core/hashing'
import { kindOf, type Route, type Task } from '#core/protocol'
import type { Database, Query } from '../database.ts'

/** Rows of one statement: more gains nothing, and the text of a statement has a limit of 1 GB. */
const chunkRows = 5000

/** Adds tasks, all or none; answers the ids that were not known, in the order given. */
export async function addTasks(database: Database, tasks: readonly Task[], route: Route): Promise<readonly string[]> {
  const rows = new Map<string, Row>()
  for (const [position, task] of tasks.entries()) {
    const payloadSha256 = sha256Json(task.payload)
    const same = rows.get(task.id)
    if (!same) rows.set(task.id, { task, position, payloadSha256 })
    else if (same.payloadSha256 !== payloadSha256) throw payloadDiffers(task.id)
  }
  // In the order of ids: two calls that add the same tasks must not wait for each other.
  const ordered = [...rows.values()].sort((a, b) => (a.task.id < b.task.id ? -1 : 1))
  const fresh = new Set<string>()
  if (ordered.length > 0) {
    await database.transaction(async (query) => {
      for (let from = 0; from < ordered.length; from += chunkRows) {
        for (const id of await addChunk(query, ordered.slice(from, from + chunkRows), route)) fresh.add(id)
      }
    })
  }
  return [...rows.keys()].filter((id) => fresh.has(id))
}

interface Row {
  readonly task: Task
  readonly position: number
  readonly payloadSha256: string
}

async function addChunk(query: Query, rows: readonly Row[], route: Route): Promise<string[]> {
  const column = <T>(of: (row: Row) => T) => rows.map(of)
  const ids = [column(({ task }) => task.runId), column(({ task }) => task.key)]
  const added = await query<{ id: string }>(
    `INSERT INTO bullpen.tasks (run_id, key, name, kind, priority, attempts, position, payload_sha256, task, route, added_at, told_at)
     SELECT t.*, $10, now(), now() FROM unnest(
       $1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::int[], $7::int[], $8::text[], $9::json[]) AS t
     ON CONFLICT DO NOTHING RETURNING run_id || '/' || key AS id`,
    [
      ...ids,
      column(({ task }) => task.name),
      column(({ task }) => kindOf(task)),
      column(({ task }) => task.priority),
      column(({ task }) => task.attempts),
      column(({ position }) => position),
      column(({ payloadSha256 }) => payloadSha256),
      column(({ task }) => JSON.stringify(task)),
      route,
    ],
  )
  if (added.length < rows.length) {
    const [differs] = await query<{ id: string }>(
      `SELECT run_id || '/' || key AS id
       FROM bullpen.tasks JOIN unnest($1::text[], $2::text[], $3::text[]) AS given (run_id, key, sha256) USING (run_id, key)
       WHERE payload_sha256 <> sha256 LIMIT 1`,
      [...ids, column(({ payloadSha256 }) => payloadSha256)],
    )
    if (differs) throw payloadDiffers(differs.id)
  }
  return added.map(({ id }) => id)
}

function payloadDiffers(task: string): BullpenError {
  const reason = 'it differs from that of the task added before'
  return new BullpenError('TASK_INVALID', { task, part: 'payload', reason })
}
