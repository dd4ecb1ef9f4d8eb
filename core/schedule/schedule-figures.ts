import type { Standing } from './standing.ts'

/** What programs tell scrapers of a schedule: [name, meaning], each a gauge with the label `schedule`. docs/operations.md lists the same. */
export const scheduleMetrics = [
  ['bullpen_schedule_overdue_seconds', 'how long the newest due time has waited for somebody to run it; 0: none waits'],
  ['bullpen_schedule_missed', 'due times for which nothing ran, among the newest 100'],
  ['bullpen_schedule_running', '1 while somebody runs what is due'],
  ['bullpen_schedule_next_due_timestamp_seconds', 'when it is due next'],
  ['bullpen_schedule_last_success_timestamp_seconds', 'when a run last ended well; absent before the first'],
] as const satisfies readonly (readonly [string, string])[]

/** Name of a gauge of {@link scheduleMetrics}. */
export type ScheduleMetric = (typeof scheduleMetrics)[number][0]

/** Values of a schedule's gauges; null: not known. */
export function scheduleFigures(standing: Standing): Readonly<Record<ScheduleMetric, number | null>> {
  const { overdueMs, missed, missedBefore, isRunning, next, lastDoneAt } = standing
  return {
    bullpen_schedule_overdue_seconds: overdueMs / 1000,
    bullpen_schedule_missed: missed.length + missedBefore,
    bullpen_schedule_running: Number(isRunning),
    bullpen_schedule_next_due_timestamp_seconds: next === null ? null : next / 1000,
    bullpen_schedule_last_success_timestamp_seconds: lastDoneAt === null ? null : lastDoneAt / 1000,
  }
}
