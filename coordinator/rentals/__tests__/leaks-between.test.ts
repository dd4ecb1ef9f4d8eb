import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { ClusterRecord, InventoryItem, Rental } from '#core/protocol'
import { leaksBetween, type Comparison } from '../leaks-between.ts'

const now = 1_700_000_000_000
const second = 1000
const clusters = ['blue', 'green'] as const
const files: readonly InventoryItem['what'][] = ['folder', 'state', 'state-lock']

const rental = fc
  .record({
    cluster: fc.constantFrom(...clusters),
    n: fc.integer({ min: 1, max: 4 }),
    target: fc.constantFrom('local' as const, 'aws' as const),
    endsIn: fc.integer({ min: -200, max: 200 }),
    startedAt: fc.constantFrom(null, now - 300 * second),
    endedAgo: fc.option(fc.integer({ min: 0, max: 30 }), { freq: 2 }),
  })
  .map(({ cluster, n, target, endsIn, startedAt, endedAgo }): Rental => {
    const id = `${cluster}/worker-${n}#1`
    const times = { bookedAt: now - 300 * second, startedAt, endsAt: now + endsIn * second }
    const end = { endedAt: endedAgo === null ? null : now - endedAgo * second }
    const more = { ...times, ...end, endedBecause: endedAgo === null ? null : 'told to', runId: null }
    return { id, cluster, target, name: `worker-${n}`, kind: 'worker', place: '', price: null, ...more }
  })
const item = fc
  .record({
    cluster: fc.constantFrom(...clusters),
    n: fc.integer({ min: 1, max: 6 }),
    what: fc.constantFrom<InventoryItem['what']>('process', 'host', ...files),
  })
  .map(({ cluster, n, what }): InventoryItem => {
    return { rental: `${cluster}/worker-${n}#1`, cluster, what, place: 'here', detail: `${what} ${n}` }
  })
const busy = fc.subarray([...clusters]).map((names) =>
  names.map((name): ClusterRecord => {
    const changing = { change: 'up', holder: 'one', until: now + 1 } as const
    return { name, target: 'local', phase: 'rising', request: null, outputs: null, since: 0, changing }
  }),
)
const world = fc.record({
  target: fc.constant('local' as const),
  items: fc.uniqueArray(item, { selector: ({ rental, what }) => `${rental} ${what}`, maxLength: 12 }),
  rentals: fc
    .uniqueArray(rental, { selector: ({ id }) => id, maxLength: 8 })
    .map((all) => new Map(all.map((one) => [one.id, one]))),
  clusters: busy,
  now: fc.constant(now),
})

/** May exist: its term has not been over for two minutes. */
const isCurrent = ({ endedAt, endsAt }: Rental): boolean => endedAt === null && endsAt > now - 120 * second
/** Has told its end and is about to leave. */
const isLeaving = ({ endedAt }: Rental): boolean => endedAt !== null && endedAt > now - 15 * second
const isBusy = (one: Comparison, cluster: string): boolean => one.clusters.some(({ name }) => name === cluster)
const isRunning = ({ what }: InventoryItem): boolean => !files.includes(what)

describe('between any ledger and anything that exists', () => {
  const holds = (rule: (one: Comparison, leaked: readonly InventoryItem[]) => void): void => {
    fc.assert(
      fc.property(world, (one) => {
        rule(
          one,
          leaksBetween(one).flatMap((leak) => (leak.item ? [leak.item] : [])),
        )
      }),
      { numRuns: 500 },
    )
  }

  test('everything that runs without a rental in its term is a leak, and nothing that runs in its term is', () => {
    holds((one, leaked) => {
      const expected = one.items.filter((thing) => {
        const rented = one.rentals.get(thing.rental)
        return isRunning(thing) && !isBusy(one, thing.cluster) && !(rented && (isCurrent(rented) || isLeaving(rented)))
      })
      expect(leaked.filter(isRunning)).toEqual(expected)
    })
  })

  test('files of a cluster are leaks when nothing of it is in its term', () => {
    holds((one, leaked) => {
      const isOver = (cluster: string) =>
        ![...one.rentals.values()].some((rented) => rented.cluster === cluster && isCurrent(rented))
      const expected = one.items.filter((thing) => {
        const rented = one.rentals.get(thing.rental)
        const isKept = isBusy(one, thing.cluster) || (rented !== undefined && isLeaving(rented))
        return !isRunning(thing) && isOver(thing.cluster) && !isKept
      })
      expect(leaked.filter((thing) => !isRunning(thing))).toEqual(expected)
    })
  })

  test('every open rental of the target that had come to be, or is past its term, and does not run is a leak', () => {
    fc.assert(
      fc.property(world, (one) => {
        const running = new Set(one.items.filter(isRunning).map((thing) => thing.rental))
        const expected = [...one.rentals.values()].filter((rented) => {
          const isThere = running.has(rented.id) || isBusy(one, rented.cluster)
          const wasThere = rented.startedAt !== null || rented.endsAt <= now
          return rented.target === 'local' && rented.endedAt === null && wasThere && !isThere
        })
        const missing = leaksBetween(one).filter((leak) => leak.item === null)
        expect(missing.map((leak) => leak.rental)).toEqual(expected.map(({ id }) => id))
      }),
      { numRuns: 500 },
    )
  })

  test('a host that is paid for is a leak once its rental has ended, though its cluster lives on', () => {
    const at = { cluster: 'blue', target: 'aws', kind: 'worker', place: '', price: null, runId: null } as const
    const times = { bookedAt: 0, startedAt: 0, endsAt: now + 60 * second }
    const old: Rental = { ...at, ...times, id: 'blue/workers#1', name: 'workers', endedAt: 1, endedBecause: 'replaced' }
    const current: Rental = { ...old, id: 'blue/workers#2', endedAt: null, endedBecause: null }
    const host = (rental: string): InventoryItem => {
      return { rental, cluster: 'blue', what: 'host', place: `i-${rental}`, detail: `instance of ${rental}` }
    }
    const rentals = new Map([old, current].map((one) => [one.id, one]))
    const items = [host(old.id), host(current.id)]
    expect(leaksBetween({ target: 'aws', items, rentals, clusters: [], now })).toEqual([
      { rental: old.id, cluster: 'blue', item: items[0], because: 'its rental has ended: replaced' },
    ])
  })
})
