import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { ensureGuard } from '../guard-process.ts'
import { findLeaks } from '../leaks.ts'
import { MemorySite } from '../testing/index.ts'

const minute = 60_000

describe('looking for leaks', () => {
  let site: MemorySite

  beforeEach(() => {
    site = new MemorySite()
  })
  afterEach(() => site.close())

  const look = async (reap = false) => {
    const { leaks, ...rest } = await findLeaks(site, { reap, betweenMs: 0 })
    return { ...rest, leaks: leaks.map(({ rental, item, because }) => `${rental} ${item?.what ?? '-'}: ${because}`) }
  }
  /** Books a cluster so many minutes ago, for half an hour, and lets all of it run. */
  const rent = async (cluster: string, minutesAgo = 0): Promise<void> => {
    const rentals = await site.book(cluster, 30 * minute, Date.now() - minutesAgo * minute)
    for (const { id, kind, bookedAt } of rentals) {
      await site.books.ledger.started(id, 'here', bookedAt)
      if (kind !== 'guard') site.target.put(id, 'process')
    }
    await ensureGuard(site, rentals[0]!)
  }

  test('of a cluster in its term finds none, its guard included', async () => {
    await rent('blue')
    expect(await look()).toEqual({ target: 'local', leaks: [], reaped: false })
  })

  test('finds what exists past its term or without a booking, and what is booked and gone', async () => {
    await rent('blue', 33)
    await rent('green')
    site.target.put('red/worker-1#1', 'process')
    site.target.things = site.target.things.filter(({ rental }) => rental !== 'green/worker-1#1')
    const { leaks, reaped } = await look()
    expect(leaks.sort()).toEqual([
      expect.stringMatching(/^blue\/guard#1 folder: its term was over at/),
      expect.stringMatching(/^blue\/guard#1 process: its term was over at/),
      expect.stringMatching(/^blue\/redis#1 process: its term was over at/),
      expect.stringMatching(/^blue\/worker-1#1 process: its term was over at/),
      'green/worker-1#1 -: open in the ledger and not there',
      'red/worker-1#1 process: it was never booked',
    ])
    expect(reaped).toBe(false)
    expect(site.target.running).toContain('red/worker-1#1')
  })

  test('ends what it finds when told to, writes it off, and finds nothing more', async () => {
    await rent('blue', 33)
    await rent('green')
    site.target.put('red/worker-1#1', 'process')
    expect((await look(true)).reaped).toBe(true)
    expect([site.target.running, await site.open('blue')]).toEqual([['green/redis#1', 'green/worker-1#1'], []])
    expect(await site.books.ledger.rental('blue/redis#1')).toMatchObject({
      endedBecause: expect.stringMatching(/^reaped: its term was over/),
    })
    expect((await look()).leaks).toEqual([])
  })

  test('ends the others when one thing cannot be ended, and says so', async () => {
    await rent('blue', 33)
    const reason = { target: 'local', place: 'here', reason: 'no route' }
    site.target.before('end', () => Promise.reject(new BullpenError('TARGET_UNREACHABLE', reason)))
    await expect(look(true)).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE' })
    expect([site.target.running, await site.open('blue')]).toEqual([['blue/redis#1'], ['blue/redis#1']])
  })

  test('names only what it sees at both of two looks: the rest is about to end, or just beginning', async () => {
    for (const name of ['stays', 'goes']) site.target.put(`red/${name}#1`, 'process')
    site.target.before(
      'inventory',
      () => undefined,
      () => {
        site.target.things = site.target.things.filter(({ rental }) => rental !== 'red/goes#1')
        site.target.put('red/comes#1', 'process')
      },
    )
    expect((await look()).leaks).toEqual(['red/stays#1 process: it was never booked'])
  })

  test('leaves a cluster alone that somebody is changing', async () => {
    await rent('blue', 33)
    const claim = { cluster: 'blue', target: 'local', change: 'down', request: null, holder: 'somebody' } as const
    await site.books.clusters.claim({ ...claim, now: Date.now(), until: Date.now() + minute })
    expect((await look(true)).leaks).toEqual([])
    expect(site.target.running).toHaveLength(2)
  })

  test('closes at the end of its term what was booked and never came to be, of its own target only', async () => {
    const [guard] = await site.book('blue', 30 * minute, Date.now() - 31 * minute)
    const planned = [{ name: 'redis', kind: 'redis', place: '', price: null } as const]
    const past = { now: Date.now() - 31 * minute, endsAt: Date.now() - minute }
    const [other] = await site.books.ledger.book('cloud', 'aws', planned, past)
    expect((await look()).leaks).toEqual([])
    const { endedAt, endedBecause } = (await site.books.ledger.rental(guard!.id))!
    expect([endedAt, endedBecause]).toEqual([guard!.endsAt, 'it never came to be'])
    expect(await site.books.ledger.rental(other!.id)).toMatchObject({ endedAt: null })
  })

  test('names what runs past its term although its start was never told, and keeps its account open', async () => {
    await site.book('blue', 30 * minute, Date.now() - 33 * minute)
    site.target.put('blue/worker-1#1', 'process')
    expect((await look()).leaks).toEqual([expect.stringMatching(/^blue\/worker-1#1 process: its term was over at/)])
    expect(await site.open('blue')).toEqual(['blue/worker-1#1'])
  })
})
