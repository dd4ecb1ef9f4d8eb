import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ClaimRefusal, ScheduleClaim, ScheduleStore } from '../schedule-store.ts'

/** An empty store. */
export interface ScheduleStoreFixture {
  readonly store: ScheduleStore
  close(): Promise<void> | void
}

const week = 7 * 86_400_000
const due = Date.parse('2026-11-23T06:00:00Z')
/** Longer than any test takes; and so short that it has lapsed when the next statement runs. */
const [long, lapsed] = [600_000, -1000]

/** What every store of schedules promises. */
export function describeScheduleStore(name: string, open: () => Promise<ScheduleStoreFixture>): void {
  describe(`${name} keeps the promises of schedules`, () => {
    let fixture: ScheduleStoreFixture
    let store: ScheduleStore
    beforeEach(async () => {
      fixture = await open()
      store = fixture.store
      await store.declare('weekly', '0 6 * * 1', due - 10 * week)
    })
    afterEach(() => fixture.close())

    const claim = (ttlMs = long, at = due, by = 'a') => store.claim('weekly', at, { name: by, ttlMs, now: due + 5 })
    const claimed = async (...args: Parameters<typeof claim>): Promise<ScheduleClaim> => {
      const answer = await claim(...args)
      if ('refused' in answer) throw new Error(`refused: ${answer.refused}`)
      return answer
    }
    const refused = async (...args: Parameters<typeof claim>) => ((await claim(...args)) as ClaimRefusal).refused

    test('declaring again changes nothing, another cron begins anew', async () => {
      const first = { name: 'weekly', cron: '0 6 * * 1', since: due - 10 * week }
      expect(await store.declare('weekly', '0 6 * * 1', due)).toEqual(first)
      expect(await store.schedules()).toEqual([first])
      expect(await store.declare('weekly', '0 7 * * 1', due)).toEqual({ ...first, cron: '0 7 * * 1', since: due })
    })

    test('of schedulers that claim a due time at once one gets it', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(long, due, `host-${i}`)))
      expect(answers.filter((answer) => 'token' in answer)).toHaveLength(1)
      const runs = await store.runs('weekly', 10)
      expect(runs).toHaveLength(1)
      expect(runs[0]).toMatchObject({ due, state: 'claimed', isAlive: true, attempts: 1, claimedAt: due + 5 })
    })

    test('a due time that has ended is never claimed again', async () => {
      for (const [state, at] of [
        ['done', due],
        ['failed', due + week],
      ] as const) {
        const mine = await claimed(long, at)
        expect(await store.end(mine, state, 'why', due + 9)).toBe(true)
        expect(await refused(long, at)).toBe('ended')
      }
      expect(await store.runs('weekly', 1)).toMatchObject([{ state: 'failed', reason: 'why', endedAt: due + 9 }])
    })

    test('while one due time is run another is refused as an overlap', async () => {
      const mine = await claimed()
      expect(await refused(long, due + week)).toBe('overlap')
      await store.end(mine, 'done', null, due + 9)
      expect(await claim(long, due + week)).toMatchObject({ due: due + week })
    })

    test('who takes over a claim that lapsed goes on with its runs, and the dead one’s word counts no more', async () => {
      const dead = await claimed(lapsed)
      expect(await store.begin(dead, 'btc.csv', 'run-1')).toBe(true)
      const heir = await claimed(long, due, 'b')
      expect(heir).toMatchObject({ attempt: 2, runs: { 'btc.csv': 'run-1' } })
      expect(await store.renew(dead, long)).toBe(false)
      expect(await store.begin(dead, 'eth.csv', 'run-2')).toBe(false)
      expect(await store.end(dead, 'done', null, due + 9)).toBe(false)
      expect(await store.renew(heir, long)).toBe(true)
      expect(await store.begin(heir, 'eth.csv', 'run-3')).toBe(true)
      expect(await store.runs('weekly', 1)).toMatchObject([
        { state: 'claimed', claimedBy: 'b', runs: { 'btc.csv': 'run-1', 'eth.csv': 'run-3' } },
      ])
    })

    test('a claim that lapsed and nobody took goes on when it is renewed', async () => {
      const mine = await claimed(lapsed)
      expect(await store.renew(mine, long)).toBe(true)
      expect(await refused()).toBe('running')
    })

    test('a claim given back is free at once and does not count as one that died', async () => {
      for (let i = 0; i < 5; i++) expect(await store.release(await claimed())).toBe(true)
      expect(await claimed()).toMatchObject({ attempt: 1 })
    })

    test('after three claims that died a due time has failed', async () => {
      for (let i = 0; i < 3; i++) await claimed(lapsed)
      expect(await refused()).toBe('ended')
      expect(await store.runs('weekly', 1)).toMatchObject([{ state: 'failed', attempts: 3 }])
    })

    test('a due time whose claimer died is missed once a later one is claimed', async () => {
      await claimed(lapsed)
      await claimed(long, due + week)
      expect(await store.runs('weekly', 5)).toMatchObject([
        { due: due + week, state: 'claimed' },
        { due, state: 'missed', isAlive: false },
      ])
    })

    test('due times are missed once, and those that were touched are not', async () => {
      await claimed()
      const dues = [due - 2 * week, due - week, due]
      expect([...(await store.miss('weekly', dues, 'no scheduler ran', due + 7))].sort()).toEqual(
        dues.slice(0, 2).sort(),
      )
      expect(await store.miss('weekly', dues, 'no scheduler ran', due + 8)).toEqual([])
      expect(await store.runs('weekly', 2)).toMatchObject([
        { due, state: 'claimed' },
        { due: due - week, state: 'missed', reason: 'no scheduler ran', endedAt: due + 7, claimedBy: '', runs: {} },
      ])
    })

    test('schedules do not stand in each other’s way', async () => {
      await store.declare('daily', '0 6 * * *', due)
      await claimed()
      expect(await store.claim('daily', due, { name: 'a', ttlMs: long, now: due })).toMatchObject({ schedule: 'daily' })
      expect(await store.runs('daily', 5)).toHaveLength(1)
    })
  })
}
