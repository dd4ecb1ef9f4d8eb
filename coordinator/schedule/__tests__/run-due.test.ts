import { describe, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { ScheduleClaim, ScheduleStore } from '#core/schedule'
import type { WebhookEvent } from '#core/webhooks'
import { MemoryScheduleStore } from '#platform/memory'
import { runDue, type DueWork } from '../run-due.ts'

const week = 7 * 86_400_000
const due = Date.parse('2026-11-23T06:00:00Z')
const cron = '0 6 * * 1'

/** A scheduler's view of a store: its clock, what it said and told. */
function site(store: ScheduleStore = new MemoryScheduleStore(), ttlMs?: number) {
  const told: WebhookEvent[] = []
  const time = { now: due + 1000 }
  const ask = (work: (work: DueWork) => Promise<boolean>, by = 'a', at: number | null = null) =>
    runDue(
      {
        store,
        name: 'weekly',
        cron,
        due: at,
        by,
        now: () => time.now,
        note: () => undefined,
        tell: (event) => {
          told.push(event)
          return Promise.resolve()
        },
        signal: new AbortController().signal,
        ...(ttlMs === undefined ? {} : { ttlMs }),
      },
      work,
    )
  return { store, told, time, ask }
}

const well = (): Promise<boolean> => Promise.resolve(true)

describe('what is due', () => {
  test('runs once however many ask at once, in whatever way', async () => {
    const { ask } = site(undefined, 400)
    let ran = 0
    const work = () => Promise.resolve(++ran > 0)
    const ways = [null, due, null, due].map((at, i) => ask(work, `host-${i}`, at))
    const outcomes = await Promise.all(ways)
    expect(outcomes.filter((outcome) => outcome.ran)).toHaveLength(1)
    expect(ran).toBe(1)
    expect(await ask(work)).toEqual({ ran: false, due, why: 'it is done', state: 'done' })
    expect(ran).toBe(1)
  })

  test('is refused as an overlap while another due time runs', async () => {
    const { ask } = site()
    await ask(async () => {
      await expect(ask(well, 'b', due - week)).rejects.toMatchObject({ code: 'SCHEDULE_OVERLAP', details: { by: 'a' } })
      return true
    })
  })

  test('that failed is not run again, and tells why when no run could', async () => {
    const { ask, store, told } = site()
    const failure = new BullpenError('DISK_FULL', { path: '/x' })
    await expect(ask(() => Promise.reject(failure))).rejects.toBe(failure)
    expect(await store.runs('weekly', 1)).toMatchObject([{ state: 'failed', reason: `DISK_FULL: ${failure.message}` }])
    expect(told).toMatchObject([{ kind: 'run.failed', facts: { code: 'DISK_FULL', due: '2026-11-23T06:00:00.000Z' } }])
    expect(await ask(well)).toMatchObject({ ran: false, state: 'failed', why: expect.stringContaining('DISK_FULL') })
  })

  test('whose claimer died is gone on with by who asks once, when the claim has lapsed; one that lives is left alone', async () => {
    const { ask, store } = site(undefined, 300)
    await store.declare('weekly', cron, due - week)
    const dead = (await store.claim('weekly', due, { name: 'dead', ttlMs: 150, now: due })) as ScheduleClaim
    await store.begin(dead, 'btc.csv', 'run-1')
    let attempt = 0
    await ask(async ({ claim }) => {
      attempt = claim.attempt
      expect(claim.runs).toEqual({ 'btc.csv': 'run-1' })
      // It renews its claim all the while: who asks meanwhile waits for nothing and leaves.
      expect(await ask(well, 'once')).toMatchObject({ ran: false, state: 'claimed', why: 'a is at it' })
      return true
    })
    expect(attempt).toBe(2)
  })

  test('who looks again by itself is answered at once while another is at it', async () => {
    const { ask } = site()
    await ask(async () => {
      expect(await ask(well, 'b', due)).toMatchObject({ ran: false, state: 'claimed' })
      return true
    })
  })

  test('with another expression counts from its change on: what was due before has been seen to', async () => {
    const { ask, store, time } = site()
    await ask(well)
    time.now += 86_400_000
    // Since yesterday it would have been due an hour later.
    await store.declare('weekly', '0 7 * * 1', time.now)
    const changed = { store, name: 'weekly', cron: '0 7 * * 1', due: null, by: 'a', now: () => time.now }
    const quiet = { note: () => undefined, tell: () => Promise.resolve(), signal: new AbortController().signal }
    expect(await runDue({ ...changed, ...quiet }, well)).toMatchObject({ ran: false, state: null })
    time.now += 6 * 86_400_000 + 3_600_000
    expect(await runDue({ ...changed, ...quiet }, well)).toEqual({ ran: true, due: due + week + 3_600_000 })
  })

  test('of which a part failed has failed', async () => {
    const { ask, store } = site()
    await ask(() => Promise.resolve(false))
    expect(await store.runs('weekly', 1)).toMatchObject([{ state: 'failed', reason: 'not every series' }])
  })

  test('that was interrupted goes on with its run when somebody looks next', async () => {
    const { ask, told } = site()
    const stopped = new BullpenError('INTERRUPTED', { reason: 'asked to stop' })
    const interrupted = ask(async ({ begin }) => {
      await begin('btc.csv', 'run-1')
      throw stopped
    })
    await expect(interrupted).rejects.toBe(stopped)
    let claim: ScheduleClaim | undefined
    expect(await ask((work) => Promise.resolve((claim = work.claim).attempt === 1), 'b')).toMatchObject({ ran: true })
    expect(claim).toMatchObject({ runs: { 'btc.csv': 'run-1' } })
    expect(told).toEqual([])
  })

  test('that another took over is aborted, and begins no run any more', async () => {
    const store = new MemoryScheduleStore()
    const { ask } = site(store, 30)
    const cutOff = ask(async ({ claim, begin, signal }) => {
      // Another that was not cut off: to the store the claim had lapsed.
      Object.assign(store, { renew: () => Promise.resolve(false), begin: () => Promise.resolve(false) })
      await expect(begin('btc.csv', 'run-1')).rejects.toMatchObject({ code: 'SCHEDULE_CLAIM_LOST' })
      if (!signal.aborted) {
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            resolve()
          })
        })
      }
      expect(claim.due).toBe(due)
      throw signal.reason as Error
    })
    await expect(cutOff).rejects.toMatchObject({ code: 'SCHEDULE_CLAIM_LOST' })
  })

  test('after an outage the newest runs and tells that it is late, the others are missed, each told once', async () => {
    const { ask, store, told, time } = site()
    await store.declare('weekly', cron, due - 3 * week)
    time.now = due + 3_600_000
    await ask(well)
    expect(told.map(({ kind, facts }) => [kind, facts['due'], facts['what']])).toEqual([
      ['schedule.missed', new Date(due - week).toISOString(), 'nobody ran it before the next one was due'],
      ['schedule.missed', new Date(due - 2 * week).toISOString(), 'nobody ran it before the next one was due'],
      ['schedule.missed', new Date(due).toISOString(), 'it runs now'],
    ])
    expect((await store.runs('weekly', 9)).map(({ state }) => state)).toEqual(['done', 'missed', 'missed'])
    await ask(well)
    expect(told).toHaveLength(3)
  })

  test('on time tells nothing, also when it is the first of its schedule', async () => {
    const { ask, told } = site()
    expect(await ask(well)).toEqual({ ran: true, due })
    expect(told).toEqual([])
  })
})
