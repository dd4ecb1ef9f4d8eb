import { expect, test } from '@jest/globals'
import { MemoryScheduleStore } from '#platform/memory'
import { Scheduler } from '../scheduler.ts'

const week = 7 * 86_400_000
const due = Date.parse('2026-11-23T06:00:00Z')
const cron = '0 6 * * 1'

/** A scheduler that looks often; `ran` are the due times it had run, in order. */
async function open(onRun: (due: number, site: Site) => Promise<void>, since = due - week): Promise<Site> {
  const store = new MemoryScheduleStore()
  await store.declare('weekly', cron, since)
  const stop = new AbortController()
  const site: Site = { store, ran: [], notes: [], time: { now: due + 1 }, stop, scheduler: undefined as never }
  const run = (at: number) => {
    site.ran.push(at)
    return onRun(at, site)
  }
  const note = (text: string) => void site.notes.push(text)
  const options = { store, name: 'weekly', cron, run, now: () => site.time.now, note, signal: stop.signal, everyMs: 5 }
  return Object.assign(site, { scheduler: new Scheduler(options) })
}

interface Site {
  readonly store: MemoryScheduleStore
  readonly ran: number[]
  readonly notes: string[]
  readonly time: { now: number }
  readonly stop: AbortController
  readonly scheduler: Scheduler
}

async function claimAndEnd({ store, time }: Site, at: number): Promise<void> {
  const claim = await store.claim('weekly', at, { name: 'a', ttlMs: 60_000, now: time.now })
  if ('token' in claim) await store.end(claim, 'done', null, time.now)
}

test('a scheduler that was down catches up with the newest week, then waits for the next', async () => {
  const { scheduler, ran } = await open(
    async (at, site) => {
      await claimAndEnd(site, at)
      if (site.ran.length === 2) site.stop.abort()
      else site.time.now += week
    },
    due - 5 * week,
  )
  await scheduler.run()
  expect(ran).toEqual([due, due + week])
})

test('a lost alarm does no harm, and a due time that nobody could claim is tried again after a pause', async () => {
  const { scheduler, ran, notes } = await open((_, site) => {
    if (site.ran.length === 3) site.stop.abort()
    return Promise.reject(new Error('no process could be started'))
  })
  await scheduler.run()
  expect(ran).toEqual([due, due, due])
  expect(notes[0]).toContain('no process could be started')
})

test('while the database is away it waits, says so once, and goes on', async () => {
  const { scheduler, ran, notes, store } = await open(async (at, site) => {
    await claimAndEnd(site, at)
    site.stop.abort()
  })
  let failures = 3
  const declare = store.declare.bind(store)
  store.declare = (...args) => (failures-- > 0 ? Promise.reject(new Error('away')) : declare(...args))
  await scheduler.run()
  expect(ran).toEqual([due])
  expect(notes).toEqual(['the schedule waits: unexpected failure: away', 'the database is back'])
})

test('what another scheduler has done is not run', async () => {
  const site = await open(() => Promise.resolve())
  await claimAndEnd(site, due)
  const ended = site.scheduler.run()
  for (let i = 0; i < 5; i++) await new Promise(setImmediate)
  site.scheduler.ring()
  site.stop.abort()
  await ended
  expect(site.ran).toEqual([])
})
