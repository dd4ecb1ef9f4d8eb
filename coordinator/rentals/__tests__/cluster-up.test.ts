import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { identify } from '#platform/processes'
import { clusterUp, type UpRequest } from '../cluster-up.ts'
import { MemorySite } from '../testing/index.ts'

const second = 1000
const minute = 60 * second
const request: UpRequest = {
  cluster: 'blue',
  workers: 1,
  threads: null,
  termMs: 30 * minute,
  idleExitSeconds: 60,
  maxLifetimeSeconds: 3600,
  maxPricePerHour: null,
  price: null,
}
const first = ['blue/guard#1', 'blue/redis#1', 'blue/worker-1#1']
const failure = new BullpenError('TARGET_FAILED', { target: 'local', what: 'apply', reason: 'no capacity' })
/** Of a machine of which nobody here can tell who lives on it. */
const elsewhere = 'other-host/1/4026531836/boot/77'

describe('bringing a cluster up', () => {
  let site: MemorySite

  beforeEach(() => {
    site = new MemorySite()
  })
  afterEach(() => site.close())

  const up = (more: Partial<UpRequest> = {}, signal = new AbortController().signal) => {
    return clusterUp({ ...request, ...more }, site, signal)
  }
  /** Nothing exists, nothing is open, and the ledger says why. */
  const expectNothingLeft = async (because: string): Promise<void> => {
    expect([site.target.things, await site.open('blue'), await site.guardPid(first[0]!)]).toEqual([[], [], null])
    expect(await site.record('blue')).toMatchObject({ phase: 'down', outputs: null, changing: null })
    const rentals = await site.books.ledger.list({ cluster: 'blue' })
    expect(new Set(rentals.map(({ endedBecause }) => endedBecause))).toEqual(new Set([because]))
  }
  /** What somebody left who brought the cluster up so long ago, `holder` being at it still when there is one. */
  const leave = async (
    ageMs: number,
    { holder, termMs = 2 * ageMs }: { readonly holder?: string; readonly termMs?: number },
  ): Promise<void> => {
    const now = Date.now() - ageMs
    const whole = { ...request, endsAt: now + termMs }
    const claim = {
      cluster: 'blue',
      target: 'local',
      change: 'up',
      request: whole,
      now,
      until: now + 30 * second,
    } as const
    const claimed = await site.books.clusters.claim({ ...claim, holder: holder ?? elsewhere })
    const rentals = await site.book('blue', termMs, now)
    const outputs = await site.target.up(whole, rentals, new AbortController().signal)
    if (holder === undefined) await site.books.clusters.settle(claimed, { up: outputs })
    site.target.calls.length = 0
  }

  test('books everything and starts the guard before anything exists', async () => {
    let before: unknown
    let guard = ''
    site.target.before('up', async () => {
      before = [[...site.target.things], await site.open('blue')]
      guard = readFileSync(`/proc/${(await site.guardPid(first[0]!))!}/environ`, 'utf8')
    })
    const raised = await up()
    expect(before).toEqual([[], first])
    const told = [`BULLPEN_HOME=${site.home}`, 'BULLPEN_RENTAL=blue/guard#1', 'BULLPEN_HOSTS=some/hosts.json']
    expect(guard.split('\0')).toEqual(expect.arrayContaining(told))
    expect(raised.rentals.map(({ id }) => id)).toEqual(first)
    expect(raised.outputs.workers).toEqual([{ name: 'worker-1', place: 'here' }])
    expect(await site.record('blue')).toMatchObject({ phase: 'up', outputs: raised.outputs, changing: null })
    const ends = (await site.books.ledger.list({ open: true })).map(({ endsAt }) => endsAt)
    expect(ends).toEqual([raised.endsAt, raised.endsAt, raised.endsAt])
    expect(site.target.calls.at(-1)).toBe(`renewed blue ${raised.endsAt}`)
  })

  test('again changes nothing but the end of the term', async () => {
    const before = await up()
    const [things, guard, since] = [
      site.target.things,
      await site.guardPid(first[0]!),
      (await site.record('blue'))!.since,
    ]
    const after = await up()
    expect([after.outputs, after.rentals.map(({ id }) => id)]).toEqual([before.outputs, first])
    expect(after.endsAt).toBeGreaterThanOrEqual(before.endsAt)
    expect([site.target.things, await site.guardPid(first[0]!)]).toEqual([things, guard])
    expect(await site.record('blue')).toMatchObject({ phase: 'up', since })
    expect(site.target.calls.filter((call) => !call.startsWith('renewed'))).toEqual([
      'up blue/redis#1 blue/worker-1#1',
      'up',
    ])
  })

  test('again books and starts what has died, and nothing else', async () => {
    await up()
    site.target.things = site.target.things.filter(({ rental }) => rental !== 'blue/worker-1#1')
    await site.books.ledger.ended('blue/worker-1#1', 'it ended by itself', Date.now())
    const { rentals } = await up()
    expect(rentals.map(({ id }) => id)).toEqual(['blue/guard#1', 'blue/redis#1', 'blue/worker-1#2'])
    expect(site.target.calls).toContain('up blue/worker-1#2')
  })

  test('that fails at the target leaves nothing, and tells the failure', async () => {
    site.target.before('up', () => Promise.reject(failure))
    await expect(up()).rejects.toBe(failure)
    await expectNothingLeft('coming up failed')
  })

  test('ends a cluster whose agents do not join the fleet in time, and names them', async () => {
    site.target.joins = false
    await expect(up({ joinMs: 50 })).rejects.toMatchObject({
      code: 'NO_WORKERS',
      message: expect.stringContaining('cluster blue (blue.worker-1)'),
    })
    await expectNothingLeft('coming up failed')
  })

  test('that is told to stop leaves nothing, whatever it was waiting for', async () => {
    const told = new AbortController()
    const stop = new BullpenError('INTERRUPTED', { reason: 'asked to stop' })
    site.target.joins = false
    site.onNote = (text) => {
      if (text.includes('at work at')) told.abort(stop)
    }
    await expect(up({}, told.signal)).rejects.toBe(stop)
    await expectNothingLeft('coming up failed')
  })

  test('leaves a cluster that could not be given up to its guard', async () => {
    site.target.before('up', () => Promise.reject(failure))
    const stuck = new BullpenError('TARGET_UNREACHABLE', { target: 'local', place: 'here', reason: 'no route' })
    site.target.before('down', ...[1, 2, 3].map(() => () => Promise.reject(stuck)))
    await expect(up()).rejects.toBe(failure)
    expect(site.notes.at(-1)).toMatch(/^cluster blue could not be taken down: .*no route\. Its guard will/)
    expect(await site.open('blue')).toEqual(first)
    expect(identify((await site.guardPid(first[0]!))!)).not.toBeNull()
  })

  test('leaves a cluster to whoever takes it down meanwhile', async () => {
    site.target.before('up', async () => {
      const claim = { cluster: 'blue', target: 'local', change: 'down', request: null, holder: elsewhere } as const
      await site.books.clusters.claim({ ...claim, now: Date.now(), until: Date.now() + 30 * second })
    })
    await expect(up()).rejects.toMatchObject({ code: 'CLUSTER_BUSY', details: { change: 'down' } })
    expect(site.target.calls.filter((call) => call.startsWith('down'))).toEqual([])
    expect(await site.record('blue')).toMatchObject({ phase: 'falling', changing: { holder: elsewhere } })
  })

  test('is refused while somebody else is at it, and touches nothing', async () => {
    await leave(second, { holder: elsewhere, termMs: 30 * minute })
    const before = [...site.target.things]
    await expect(up()).rejects.toMatchObject({ code: 'CLUSTER_BUSY', details: { change: 'up' } })
    expect([site.target.things, site.target.calls, await site.open('blue')]).toEqual([before, [], first])
  })

  test('of which somebody died in the middle begins by taking down what he left', async () => {
    await leave(minute, { holder: elsewhere, termMs: 30 * minute })
    const { rentals } = await up()
    expect(site.notes[0]).toBe('cluster blue: its coming up was interrupted, so it is taken down first')
    expect(site.target.calls.slice(0, 2)).toEqual(['down blue', 'up blue/redis#2 blue/worker-1#2'])
    expect(rentals.map(({ id }) => id)).toEqual(first.map((id) => id.replace('#1', '#2')))
  })

  test('past its term revives nothing: what there is goes first', async () => {
    await leave(20 * minute, { termMs: 10 * minute })
    const { rentals, endsAt } = await up()
    expect(site.notes[0]).toBe('cluster blue: its term was over, so it is taken down first')
    expect(rentals.map(({ id }) => id)).toEqual(first.map((id) => id.replace('#1', '#2')))
    const old = await site.books.ledger.rental('blue/redis#1')
    expect(old).toMatchObject({ endedBecause: 'its term was over' })
    expect(old!.endsAt).toBeLessThan(endsAt)
  })

  test('again gives it no longer a life than it had from the beginning', async () => {
    await leave(50 * minute, { termMs: 55 * minute })
    const { since } = (await site.record('blue'))!
    const { rentals, endsAt } = await up()
    expect([...rentals.map((rental) => rental.endsAt), endsAt]).toEqual(Array(4).fill(since + 60 * minute))
  })

  test('is refused when its life, as now asked for, is over, and touches nothing', async () => {
    await leave(50 * minute, {})
    const refused = up({ maxLifetimeSeconds: 600 })
    await expect(refused).rejects.toMatchObject({ code: 'USAGE' })
    await expect(refused).rejects.toThrow(/is up since .* longer than 600 s: take it down first/)
    expect([site.target.calls, await site.open('blue')]).toEqual([[], first])
  })
})
