import { BullpenError } from '#core/errors'
import { canonicalJson } from '#core/hashing'
import { kindOf, type Route, type Task } from '#core/protocol'
import type { Database, Query } from '../database.ts'

/** Rows of one statement: more gains nothing, and the text of a statement has a limit of 1 GB. */
const chunkRows = 5000

/** Adds tasks, all or none; answers the ids that were not known, in the order given. */
export async function addTasks(database: Database, tasks: readonly Task[], route: Route): Promise<readonly string[]> {
  const rows = new Map<string, Row>()
  for (const [position, task] of tasks.entries()) {
    const same = rows.get(task.id)
    if (!same) rows.set(task.id, { task, position })
    else assertSamePayload(same.task, task)
  }
  // In the order of ids: two calls that add the same tasks must not wait for each other.
  const ordered = [...rows.values()].sort((a, b) => (a.task.id < b.task.id ? -1 : 1))
  const known = new Set<string>()
  if (ordered.length > 0) {
    await database.transaction(async (query) => {
      for (let from = 0; from < ordered.length; from += chunkRows) {
        for (const id of await addChunk(query, ordered.slice(from, from + chunkRows), route)) known.add(id)
      }
    })
  }
  return [...rows.keys()].filter((id) => !known.has(id))
}

interface Row {
  readonly task: Task
  readonly position: number
}

/** Answers the ids that were known. */
async function addChunk(query: Query, rows: readonly Row[], route: Route): Promise<string[]> {
  const column = <T>(of: (row: Row) => T) => rows.map(of)
  const added = await query<{ runId: string; key: string }>(
    `INSERT INTO bullpen.tasks (run_id, key, name, kind, priority, attempts, position, task, route, added_at, told_at)
     SELECT t.*, $9, now(), now() FROM unnest(
       $1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::int[], $7::int[], $8::json[]) AS t
     ON CONFLICT DO NOTHING RETURNING run_id AS "runId", key`,
    [
      column(({ task }) => task.runId),
      column(({ task }) => task.key),
      column(({ task }) => task.name),
      column(({ task }) => kindOf(task)),
      column(({ task }) => task.priority),
      column(({ task }) => task.attempts),
      column(({ position }) => position),
      column(({ task }) => JSON.stringify(task)),
      route,
    ],
  )
  if (added.length === rows.length) return []
  const fresh = new Set(added.map(({ runId, key }) => `${runId}/${key}`))
  const known = rows.map(({ task }) => task).filter(({ id }) => !fresh.has(id))
  const stored = await query<{ task: Task }>(
    `SELECT task FROM bullpen.tasks JOIN unnest($1::text[], $2::text[]) AS known (run_id, key) USING (run_id, key)`,
    [known.map(({ runId }) => runId), known.map(({ key }) => key)],
  )
  const before = new Map(stored.map(({ task }) => [task.id, task]))
  for (const task of known) assertSamePayload(before.get(task.id) ?? task, task)
  return known.map(({ id }) => id)
}

function assertSamePayload(before: Task, task: Task): void {
  if (canonicalJson(before.payload) === canonicalJson(task.payload)) return
  const reason = 'it differs from that of the task added before'
  throw new BullpenError('TASK_INVALID', { task: task.id, part: 'payload', reason })
}
