import { lastDue, nextDue, readCron } from './cron.ts'
import type { Schedule, ScheduledRun } from './schedule-store.ts'

/** How a schedule stands at one moment. Times are ms since the epoch. */
export interface Standing {
  readonly schedule: Schedule
  /** The due time to run now: the newest one, when nothing has been done about it or who was at it died. */
  readonly due: number | null
  /** How long that has been due, ms; 0 when nothing is. */
  readonly overdueMs: number
  /** Due times before it for which nothing ran and nothing will: only the newest is caught up with. */
  readonly missed: readonly number[]
  readonly next: number | null
  readonly isRunning: boolean
  /** When a run last ended well; null when none has. */
  readonly lastDoneAt: number | null
  /** Among `runs`. */
  readonly missedBefore: number
}

/** Rows that say how a schedule stands, and missed due times written down at a time. */
export const runsLookedAt = 100

/** Something is late, and was missed, when nothing is done about it for so long (ms). */
export const lateAfterMs = 15 * 60_000

/** `runs` are the newest {@link runsLookedAt} of the schedule, newest first. */
export function standingOf(schedule: Schedule, runs: readonly ScheduledRun[], now: number): Standing {
  const cron = readCron(schedule.cron)
  const known = new Map(runs.map((run) => [run.due, run]))
  const isOver = (due: number): boolean => {
    const run = known.get(due)
    return run !== undefined && (run.state !== 'claimed' || run.isAlive)
  }
  const newest = lastDue(cron, now)
  const due = newest !== null && newest > schedule.since && !isOver(newest) ? newest : null
  const missed: number[] = []
  for (let past = newest; past !== null && missed.length < runsLookedAt;) {
    past = lastDue(cron, past - 1)
    if (past === null || past <= schedule.since || known.has(past)) break
    missed.push(past)
  }
  return {
    schedule,
    due,
    overdueMs: due === null ? 0 : now - due,
    missed,
    next: nextDue(cron, now),
    isRunning: runs.some(({ state, isAlive }) => state === 'claimed' && isAlive),
    lastDoneAt: runs.reduce<number | null>(
      (last, { state, endedAt }) => (state === 'done' && endedAt !== null ? Math.max(last ?? 0, endedAt) : last),
      null,
    ),
    missedBefore: runs.filter(({ state }) => state === 'missed').length,
  }
}
