import { describe, expect, test } from '@jest/globals'
import type { ScheduledRun } from '../schedule-store.ts'
import { standingOf } from '../standing.ts'

const week = 7 * 86_400_000
const monday = Date.parse('2026-11-23T06:00:00Z')
const schedule = { name: 'weekly', cron: '0 6 * * 1', since: monday - 4 * week }

function runOf(due: number, changes: Partial<ScheduledRun> = {}): ScheduledRun {
  const ended = { state: 'done', isAlive: false, endedAt: due + 1000 } as const
  return {
    schedule: 'weekly',
    due,
    claimedBy: 'a',
    attempts: 1,
    claimedAt: due,
    runs: {},
    reason: null,
    ...ended,
    ...changes,
  }
}

describe('how a schedule stands', () => {
  test('nothing is due before the first due time after it was declared', () => {
    const standing = standingOf({ ...schedule, since: monday }, [], monday + 1)
    expect(standing).toMatchObject({ due: null, overdueMs: 0, missed: [], next: monday + week, lastDoneAt: null })
  })

  test('the newest due time is due until something was done about it', () => {
    const before = [1, 2, 3].map((n) => runOf(monday - n * week))
    expect(standingOf(schedule, before, monday + 5)).toMatchObject({ due: monday, overdueMs: 5, missed: [] })
    expect(standingOf(schedule, [runOf(monday), ...before], monday + 5)).toMatchObject({ due: null, overdueMs: 0 })
  })

  test.each(['done', 'failed', 'missed'] as const)('one that is %s is over', (state) => {
    expect(standingOf(schedule, [runOf(monday, { state })], monday + 5).due).toBeNull()
  })

  test('one that is claimed is running, and due again when its claimer is not heard of any more', () => {
    const claimed = { state: 'claimed', endedAt: null } as const
    const alive = standingOf(schedule, [runOf(monday, { ...claimed, isAlive: true })], monday + 5)
    expect(alive).toMatchObject({ due: null, isRunning: true })
    const dead = standingOf(schedule, [runOf(monday, claimed)], monday + 5)
    expect(dead).toMatchObject({ due: monday, isRunning: false })
  })

  test('after an outage only the newest week is caught up with, the others are missed', () => {
    const standing = standingOf(schedule, [runOf(monday - 3 * week)], monday + 5)
    expect(standing).toMatchObject({ due: monday, missed: [monday - week, monday - 2 * week] })
  })

  test('weeks before the schedule was declared are nobody’s', () => {
    expect(standingOf({ ...schedule, since: monday - week }, [], monday).missed).toEqual([])
  })

  test('missed due times found at a time are bounded', () => {
    const standing = standingOf({ name: 'often', cron: '* * * * *', since: 0 }, [], monday)
    expect(standing.missed).toHaveLength(100)
  })
})
