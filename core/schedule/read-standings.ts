import type { ScheduleStore } from './schedule-store.ts'
import { runsLookedAt, standingOf, type Standing } from './standing.ts'

/** How every schedule stands now. Throws DATABASE_UNAVAILABLE. */
export async function readStandings(
  store: Pick<ScheduleStore, 'schedules' | 'runs'>,
  now: number,
): Promise<readonly Standing[]> {
  const schedules = await store.schedules()
  return Promise.all(
    schedules.map(async (schedule) => standingOf(schedule, await store.runs(schedule.name, runsLookedAt), now)),
  )
}
