import type { ClusterRecord, InventoryItem, Rental, TargetName } from '#core/protocol'

/** A difference between the ledger and what is there. */
export interface Leak {
  readonly rental: string
  readonly cluster: string
  /** The thing that exists; null for a rental of which nothing does. */
  readonly item: InventoryItem | null
  readonly because: string
}

/** What is there and what is written of it, as of `now` (ms since the epoch). */
export interface Comparison {
  readonly target: TargetName
  /** Everything that exists at the target. */
  readonly items: readonly InventoryItem[]
  /** Open rentals, and those that the items name, by id. */
  readonly rentals: ReadonlyMap<string, Rental>
  readonly clusters: readonly ClusterRecord[]
  readonly now: number
}

/** What has just lapsed is being ended by its keeper or guard; this much later it should be gone, ms. */
const graceMs = 120_000

/** Who keeps a rental tells its end and then leaves, ms. */
const leavingMs = 15_000

/** Things without an open rental or past its term, and open rentals of the target of whose things nothing is there. */
export function leaksBetween({ target, items, rentals, clusters, now }: Comparison): Leak[] {
  const isQuiet = quietAt(clusters, now)
  const things = items.flatMap((item) => {
    const { rental, cluster } = item
    const because = whyLeaked(item, rentals, now)
    return because === null || !isQuiet(cluster) ? [] : [{ rental, cluster, item, because }]
  })
  const running = runningIn(items)
  const missing = [...rentals.values()].flatMap((rental) => {
    const { id, cluster } = rental
    if (rental.target !== target || rental.endedAt !== null || running.has(id)) return []
    const because = whyMissing(rental, now)
    return because === null || !isQuiet(cluster) ? [] : [{ rental: id, cluster, item: null, because }]
  })
  return [...things, ...missing]
}

/** Rentals of which more exists than files: a keeper that was killed leaves its folder. */
export function runningIn(items: readonly InventoryItem[]): ReadonlySet<string> {
  return new Set(items.filter((item) => !isFile(item)).map(({ rental }) => rental))
}

function isFile({ what }: InventoryItem): boolean {
  return what === 'folder' || what === 'state' || what === 'state-lock'
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
  if (isFile(item) && cluster.some(isCurrent)) return null
  if (!rental) return 'it was never booked'
  if (rental.endedAt !== null && rental.endedAt + leavingMs > now) return null
  if (rental.endedAt !== null) return `its rental has ended: ${rental.endedBecause ?? ''}`
  return `its term was over at ${new Date(rental.endsAt).toISOString()}`
}

function whyMissing({ startedAt, endsAt }: Rental, now: number): string | null {
  if (endsAt <= now) return `open in the ledger, its term was over at ${new Date(endsAt).toISOString()}, and not there`
  return startedAt === null ? null : 'open in the ledger and not there'
}
