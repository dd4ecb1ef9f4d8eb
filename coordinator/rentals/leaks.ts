import type { ClusterRecord, InventoryItem, Rental, TargetName } from '#core/protocol'
import { pause } from '#platform/attempts'
import { endItem, inventoryOf, type ClusterSite } from './cluster-site.ts'
import type { OpenBooks } from './rental-books.ts'

/** A difference between the ledger and what is there. */
export interface Leak {
  readonly rental: string
  readonly cluster: string
  /** The thing that exists; null for a rental of which nothing does. */
  readonly item: InventoryItem | null
  readonly because: string
}

export interface LeakReport {
  readonly target: TargetName
  readonly leaks: readonly Leak[]
  /** Whether they have been ended. */
  readonly reaped: boolean
}

/** What has just lapsed is being ended by its keeper or guard; this much later it should be gone, ms. */
const graceMs = 120_000

/** Who keeps a rental tells its end and then leaves, ms. */
const leavingMs = 15_000

/** Something that is ending this very moment is seen once, a leak twice; pause between the two looks, ms. */
const betweenMs = 1500

/**
 * Compares ledger and inventory both ways: things without an open rental or past its term, and rentals of things that
 * are not there. With `reap` it ends the things, writes the rentals off, and answers what it found.
 *
 * @throws TARGET_UNREACHABLE, TARGET_FAILED, DATABASE_UNAVAILABLE
 */
export async function findLeaks(site: ClusterSite, reap: boolean): Promise<LeakReport> {
  const target = site.target.name
  const first = await look(site)
  if (first.length === 0) return { target, leaks: [], reaped: false }
  await pause(betweenMs)
  const keys = new Set(first.map(keyOf))
  const leaks = (await look(site)).filter((leak) => keys.has(keyOf(leak)))
  if (reap) for (const leak of leaks) await end(leak, site)
  return { target, leaks, reaped: reap && leaks.length > 0 }
}

async function look(site: ClusterSite): Promise<Leak[]> {
  const { books, target } = site
  const items = await inventoryOf(site)
  // After the inventory: what was rented in between is no leak.
  const [rentals, clusters] = await books.use(async (open) => {
    const known = new Map((await open.ledger.list({ open: true })).map((rental) => [rental.id, rental]))
    for (const { rental: id } of items) {
      const found = known.has(id) ? undefined : await open.ledger.rental(id)
      if (found) known.set(id, found)
    }
    const present = runningIn(items)
    const unused = [...known.values()].filter((rental) => isUnused(rental, Date.now()) && !present.has(rental.id))
    await closeUnused(open, unused)
    for (const { id } of unused) known.delete(id)
    return [known, await open.clusters.list()] as const
  })
  const now = Date.now()
  const isQuiet = quietAt(clusters, now)
  const things = items.flatMap((item) => {
    const because = whyLeaked(item, rentals, now)
    return because === null || !isQuiet(item.cluster) ? [] : [{ ...idOf(item), item, because }]
  })
  const present = runningIn(items)
  const missing = [...rentals.values()].flatMap((rental) => {
    if (rental.target !== target.name || rental.endedAt !== null || present.has(rental.id)) return []
    const because = whyMissing(rental, now)
    return because === null || !isQuiet(rental.cluster) ? [] : [{ ...idOf(rental), item: null, because }]
  })
  return [...things, ...missing]
}

function isUnused({ startedAt, endedAt, endsAt }: Rental, now: number): boolean {
  return startedAt === null && endedAt === null && endsAt <= now
}

/** Nobody is changing the cluster: what is being built or taken down differs from the ledger for a while. */
function quietAt(clusters: readonly ClusterRecord[], now: number): (cluster: string) => boolean {
  const busy = new Set(
    clusters.filter(({ changing }) => changing !== null && changing.until > now).map(({ name }) => name),
  )
  return (cluster) => !busy.has(cluster)
}

function whyLeaked(item: InventoryItem, rentals: ReadonlyMap<string, Rental>, now: number): string | null {
  const isCurrent = ({ endedAt, endsAt }: Rental): boolean => endedAt === null && endsAt + graceMs > now
  const rental = rentals.get(item.rental)
  if (rental && isCurrent(rental)) return null
  // Files and locks of a whole cluster stay for as long as anything of it does.
  const cluster = [...rentals.values()].filter((other) => other.cluster === item.cluster)
  if (item.what !== 'process' && cluster.some(isCurrent)) return null
  if (!rental) return 'it was never booked'
  if (rental.endedAt !== null && rental.endedAt + leavingMs > now) return null
  if (rental.endedAt !== null) return `its rental has ended: ${rental.endedBecause ?? ''}`
  return `its term was over at ${new Date(rental.endsAt).toISOString()}`
}

function whyMissing({ startedAt, endsAt }: Rental, now: number): string | null {
  if (endsAt <= now) return `open in the ledger, its term was over at ${new Date(endsAt).toISOString()}, and not there`
  return startedAt === null ? null : 'open in the ledger and not there'
}

/** Rentals of which more exists than files: a keeper that was killed leaves its folder. */
function runningIn(items: readonly InventoryItem[]): ReadonlySet<string> {
  return new Set(items.filter(({ what }) => what === 'process' || what === 'host').map(({ rental }) => rental))
}

/** Booked by somebody who died before anything came of it: no leak, and its account is closed at the end of its term. */
async function closeUnused(books: OpenBooks, unused: readonly Rental[]): Promise<void> {
  for (const { id, endsAt } of unused) await books.ledger.ended(id, 'it never came to be', endsAt)
}

async function end({ rental, item, because }: Leak, site: ClusterSite): Promise<void> {
  if (item) await endItem(site, item)
  site.note(`reaped ${rental}${item ? `: ${item.detail}` : ''}`)
  await site.books.use(({ ledger }) => ledger.ended(rental, `reaped: ${because}`, Date.now()))
}

function idOf({ cluster, ...thing }: { cluster: string } & ({ rental: string } | { id: string })) {
  return { rental: 'rental' in thing ? thing.rental : thing.id, cluster }
}

function keyOf({ rental, cluster, item }: Leak): string {
  return [rental, cluster, item?.what, item?.place, item?.detail].join('\n')
}
