import type { Rental, TargetName } from '#core/protocol'
import { pause } from '#platform/attempts'
import { endItem, inventoryOf, type ClusterSite } from './cluster-site.ts'
import { leaksBetween, runningIn, type Leak } from './leaks-between.ts'

export interface LeakReport {
  readonly target: TargetName
  readonly leaks: readonly Leak[]
  /** Whether they have been ended. */
  readonly reaped: boolean
}

export interface LeakOptions {
  /** End the things, and write the rentals off. */
  readonly reap: boolean
  /** Something that is ending this very moment is seen once, a leak twice; pause between the two looks, ms (1,500). */
  readonly betweenMs?: number
}

/**
 * Compares ledger and inventory both ways: things without an open rental or past its term, and rentals of things that
 * are not there. Answers what it found, also what it has reaped.
 *
 * @throws TARGET_UNREACHABLE, TARGET_FAILED (after everything else was reaped), DATABASE_UNAVAILABLE
 */
export async function findLeaks(site: ClusterSite, { reap, betweenMs = 1500 }: LeakOptions): Promise<LeakReport> {
  const target = site.target.name
  const first = await look(site)
  if (first.length === 0) return { target, leaks: [], reaped: false }
  await pause(betweenMs)
  const keys = new Set(first.map(keyOf))
  const leaks = (await look(site)).filter((leak) => keys.has(keyOf(leak)))
  if (reap) await endAll(leaks, site)
  return { target, leaks, reaped: reap && leaks.length > 0 }
}

async function look(site: ClusterSite): Promise<Leak[]> {
  const { books, target } = site
  const items = await inventoryOf(site)
  const running = runningIn(items)
  // After the inventory: what was rented in between is no leak.
  return books.use(async ({ ledger, clusters }) => {
    const known = new Map((await ledger.list({ open: true })).map((rental) => [rental.id, rental]))
    for (const { rental: id } of items) {
      const found = known.has(id) ? undefined : await ledger.rental(id)
      if (found) known.set(id, found)
    }
    const now = Date.now()
    const unused = [...known.values()].filter((rental) => rental.target === target.name && isUnused(rental, now))
    for (const { id, endsAt } of unused.filter((rental) => !running.has(rental.id))) {
      // Booked by somebody who died before anything came of it: no leak, and its account is closed at the end of its term.
      await ledger.ended(id, 'it never came to be', endsAt)
      known.delete(id)
    }
    return leaksBetween({ target: target.name, items, rentals: known, clusters: await clusters.list(), now })
  })
}

function isUnused({ startedAt, endedAt, endsAt }: Rental, now: number): boolean {
  return startedAt === null && endedAt === null && endsAt <= now
}

/** One that cannot be ended keeps no other from being ended. */
async function endAll(leaks: readonly Leak[], site: ClusterSite): Promise<void> {
  let failure: { readonly error: unknown } | undefined
  for (const leak of leaks) {
    await end(leak, site).catch((error: unknown) => {
      failure ??= { error }
    })
  }
  if (failure) throw failure.error
}

async function end({ rental, item, because }: Leak, site: ClusterSite): Promise<void> {
  if (item) await endItem(site, item)
  site.note(`reaped ${rental}${item ? `: ${item.detail}` : ''}`)
  await site.books.use(({ ledger }) => ledger.ended(rental, `reaped: ${because}`, Date.now()))
}

function keyOf({ rental, cluster, item }: Leak): string {
  return [rental, cluster, item?.what, item?.place, item?.detail].join('\n')
}
