export { claimTtlMs, runDue } from './run-due.ts'
export type { DueOutcome, DueRequest, DueWork } from './run-due.ts'
export { Scheduler } from './scheduler.ts'
export type { SchedulerOptions } from './scheduler.ts'
