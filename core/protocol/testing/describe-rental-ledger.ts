import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { PlannedRental, Rental, RentalLedger } from '../rental-ledger.ts'

/** An empty ledger. */
export interface RentalLedgerFixture {
  readonly ledger: RentalLedger
  close(): Promise<void> | void
}

const now = 1_700_000_000_000
const term = { now, endsAt: now + 60_000 }
const usd = { perHour: 0.125, currency: 'USD' }
const plan = (name: string, more: Partial<PlannedRental> = {}): PlannedRental => {
  return { name, kind: 'worker', place: '', price: null, ...more }
}

/** What may happen to a cluster of three names, each step a second after the one before. */
const step = fc.oneof(
  fc.record({ do: fc.constant('book' as const), names: fc.uniqueArray(fc.constantFrom('redis', 'w-1', 'w-2')) }),
  fc.record({ do: fc.constant('renew' as const), seconds: fc.integer({ min: -3, max: 6 }) }),
  fc.record({ do: fc.constant('start' as const), pick: fc.nat(9), place: fc.constantFrom('here', 'there') }),
  fc.record({ do: fc.constant('end' as const), pick: fc.nat(9), because: fc.constantFrom('one', 'two') }),
  fc.record({ do: fc.constant('assign' as const), runId: fc.constantFrom('run-1', 'run-2') }),
)

/** The contract of RentalLedger as tests, over ledgers made by `open`. */
export function describeRentalLedger(
  name: string,
  open: () => Promise<RentalLedgerFixture>,
  { randomRuns = 100 }: { readonly randomRuns?: number } = {},
): void {
  describe(`${name} keeps the promises of a rental ledger`, () => {
    let fixture: RentalLedgerFixture
    let ledger: RentalLedger

    beforeEach(async () => {
      fixture = await open()
      ledger = fixture.ledger
    })
    afterEach(() => fixture.close())

    test('what is booked is open from then on, in the order of the plan, and listed newest first', async () => {
      const redis = plan('redis', { kind: 'redis', place: '10.0.0.5', price: usd })
      const booked = await ledger.book('a', 'ssh', [redis, plan('worker-1')], term)
      const fresh = { bookedAt: now, startedAt: null, endsAt: now + 60_000, endedAt: null, endedBecause: null }
      expect(booked).toEqual([
        { ...redis, id: 'a/redis#1', cluster: 'a', target: 'ssh', ...fresh, runId: null },
        { ...plan('worker-1'), id: 'a/worker-1#1', cluster: 'a', target: 'ssh', ...fresh, runId: null },
      ])
      expect(await ledger.list({ cluster: 'a' })).toEqual([...booked].reverse())
      expect(await ledger.rental('a/redis#1')).toEqual(booked[0])
      expect(await ledger.rental('a/redis#2')).toBeUndefined()
    })

    test('a name that is open is kept as it is; one that has ended is rented again under a new id', async () => {
      await ledger.book('a', 'local', [plan('worker-1'), plan('worker-2')], term)
      await ledger.ended('a/worker-1#1', 'told to', now + 1000)
      const later = { now: now + 2000, endsAt: now + 90_000 }
      const again = await ledger.book('a', 'local', [plan('worker-1'), plan('worker-2', { price: usd })], later)
      expect(again.map(({ id, endsAt, price }) => [id, endsAt, price])).toEqual([
        ['a/worker-1#2', now + 90_000, null],
        ['a/worker-2#1', now + 60_000, null],
      ])
    })

    test('many bookings of a cluster at once book each name once', async () => {
      const names = [plan('redis'), plan('worker-1'), plan('worker-2')]
      const all = await Promise.all(Array.from({ length: 8 }, () => ledger.book('a', 'local', names, term)))
      const ids = new Set(all.flat().map(({ id }) => id))
      expect([...ids].sort()).toEqual(['a/redis#1', 'a/worker-1#1', 'a/worker-2#1'])
      expect(await ledger.list({ cluster: 'a' })).toHaveLength(3)
    })

    test('a start is told once and says where; of an ended rental nothing happens', async () => {
      await ledger.book('a', 'local', [plan('worker-1')], term)
      expect(await ledger.started('a/worker-1#1', 'host-1', now + 5)).toBe(true)
      expect(await ledger.started('a/worker-1#1', 'host-2', now + 9)).toBe(true)
      expect(await ledger.rental('a/worker-1#1')).toMatchObject({ startedAt: now + 5, place: 'host-2' })
      await ledger.ended('a/worker-1#1', 'told to', now + 10)
      expect(await ledger.started('a/worker-1#1', 'host-3', now + 11)).toBe(false)
      expect(await ledger.started('a/unknown#1', 'host-3', now + 11)).toBe(false)
      expect(await ledger.rental('a/worker-1#1')).toMatchObject({ startedAt: now + 5, place: 'host-2' })
    })

    test('a renewal moves the end of what has not lapsed, and says when something had', async () => {
      await ledger.book('a', 'local', [plan('worker-1')], { now, endsAt: now + 10 })
      await ledger.book('a', 'local', [plan('worker-2')], { now, endsAt: now + 20 })
      await ledger.book('b', 'local', [plan('worker-1')], { now, endsAt: now + 10 })
      expect(await ledger.renew('a', { now: now + 9, endsAt: now + 15 })).toBe(true)
      expect(await ledger.renew('a', { now: now + 15, endsAt: now + 40 })).toBe(false)
      const ends = async (id: string) => (await ledger.rental(id))!.endsAt - now
      expect(await Promise.all(['a/worker-1#1', 'a/worker-2#1', 'b/worker-1#1'].map(ends))).toEqual([15, 40, 10])
      await ledger.ended('a/worker-1#1', 'its term was over', now + 15)
      expect(await ledger.renew('a', { now: now + 16, endsAt: now + 50 })).toBe(true)
      expect(await ends('a/worker-1#1')).toBe(15)
    })

    test('rentals are found by cluster, target, run and whether they are open', async () => {
      await ledger.book('a', 'local', [plan('worker-1'), plan('worker-2')], term)
      await ledger.book('b', 'ssh', [plan('worker-1')], term)
      await ledger.ended('a/worker-1#1', 'told to', now + 1)
      await ledger.assign('a', 'run-1')
      const ids = async (which: Parameters<RentalLedger['list']>[0]) => (await ledger.list(which)).map(({ id }) => id)
      expect(await ids({})).toEqual(['b/worker-1#1', 'a/worker-2#1', 'a/worker-1#1'])
      expect(await ids({ open: true })).toEqual(['b/worker-1#1', 'a/worker-2#1'])
      expect(await ids({ target: 'local', open: false })).toEqual(['a/worker-1#1'])
      expect(await ids({ runId: 'run-1' })).toEqual(['a/worker-2#1'])
      expect(await ids({ cluster: 'b', runId: 'run-1' })).toEqual([])
    })

    test('whatever happens in whatever order, no rental is open twice, shortened, revived or ended anew', async () => {
      let world = 0
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const cluster = `random-${world++}`
          for (const [i, one] of steps.entries()) {
            const at = now + i * 1000
            const before = await ledger.list({ cluster })
            const answer = await take(ledger, cluster, one, before, at)
            const after = await ledger.list({ cluster })
            expectLawful(before, after, at)
            if (one.do === 'renew') {
              expect(answer).toBe(before.every(({ endedAt, endsAt }) => endedAt !== null || endsAt > at))
            }
          }
        }),
        { numRuns: randomRuns },
      )
    })
  })
}

async function take(
  ledger: RentalLedger,
  cluster: string,
  one: typeof step extends fc.Arbitrary<infer Step> ? Step : never,
  known: readonly Rental[],
  at: number,
): Promise<unknown> {
  if (one.do === 'book')
    return ledger.book(
      cluster,
      'local',
      one.names.map((name) => plan(name)),
      { now: at, endsAt: at + 3000 },
    )
  if (one.do === 'renew') return ledger.renew(cluster, { now: at, endsAt: at + one.seconds * 1000 })
  if (one.do === 'assign') return ledger.assign(cluster, one.runId)
  const id = known[one.pick % Math.max(1, known.length)]?.id ?? `${cluster}/unknown#1`
  return one.do === 'start' ? ledger.started(id, one.place, at) : ledger.ended(id, one.because, at)
}

/** Between two looks at a cluster, with one operation between them at `at`. */
function expectLawful(before: readonly Rental[], after: readonly Rental[], at: number): void {
  const open = after.filter(({ endedAt }) => endedAt === null).map(({ name }) => name)
  expect(new Set(open).size).toBe(open.length)
  expect(new Set(after.map(({ id }) => id)).size).toBe(after.length)
  for (const was of before) {
    const is = after.find(({ id }) => id === was.id)!
    if (was.endedAt !== null) expect(is).toEqual(was)
    if (was.endsAt <= at) expect(is.endsAt).toBe(was.endsAt)
    expect(is.endsAt).toBeGreaterThanOrEqual(was.endsAt)
    if (was.startedAt !== null) expect(is.startedAt).toBe(was.startedAt)
  }
}
