export { lastDue, nextDue, readCron } from './cron.ts'
export type { Cron } from './cron.ts'
export { mostClaims } from './schedule-store.ts'
export type {
  ClaimRefusal,
  Schedule,
  ScheduleClaim,
  ScheduledRun,
  ScheduledRunState,
  ScheduleStore,
} from './schedule-store.ts'
export { lateAfterMs, runsLookedAt, standingOf } from './standing.ts'
export type { Standing } from './standing.ts'
export { missedEvent } from './missed-event.ts'
export { readStandings } from './read-standings.ts'
export { scheduleFigures, scheduleMetrics } from './schedule-figures.ts'
export type { ScheduleMetric } from './schedule-figures.ts'
