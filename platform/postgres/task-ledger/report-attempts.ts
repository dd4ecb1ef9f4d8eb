import { afterReport, type AttemptReport, type ReportVerdict } from '#core/protocol'
import type { Database } from '../database.ts'
import { lockTasks, settleTasks } from './locked-tasks.ts'
import { tokensOf } from './task-ids.ts'

/** Ends the attempts reported, those of current leases; durable when it resolves. */
export function reportAttempts(database: Database, reports: readonly AttemptReport[]): Promise<ReportVerdict[]> {
  const firstBy = new Map<string, AttemptReport>()
  for (const report of reports) if (!firstBy.has(report.token)) firstBy.set(report.token, report)
  return database.transaction(async (query) => {
    const tokens = tokensOf([...firstBy.keys()])
    const tasks = await lockTasks(query, "token = ANY ($1::uuid[]) AND state = 'leased'", [tokens])
    const settlements = tasks.map((task) => {
      const end = afterReport(task, firstBy.get(task.token!)!)
      return { task, end, isReported: true }
    })
    await settleTasks(query, settlements)
    const verdicts = new Map<string, ReportVerdict>(
      settlements.map(({ task, end }) => [task.token!, typeof end === 'string' ? 'retry' : 'finished']),
    )
    const others = tokens.filter((token) => !verdicts.has(token))
    if (others.length > 0) {
      const before = await query<{ token: string; state: string }>(
        'SELECT token, state FROM bullpen.tasks WHERE token = ANY ($1::uuid[])',
        [others],
      )
      for (const { token, state } of before) verdicts.set(token, state === 'finished' ? 'finished' : 'retry')
    }
    return reports.map(({ token }) => verdicts.get(token) ?? 'fenced')
  })
}
