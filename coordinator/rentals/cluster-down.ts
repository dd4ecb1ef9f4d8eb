import { asBullpenError, BullpenError } from '#core/errors'
import { Backoff } from '#platform/attempts'
import { remainsOf, type ClusterSite } from './cluster-site.ts'
import { endGuard, guardItems } from './guard-process.ts'
import { HeldCluster } from './held-cluster.ts'

export interface ClusterDownOptions {
  readonly cluster: string
  /** Why, for the ledger. */
  readonly because: string
  /** Who takes it down: the guard itself is not ended by this. */
  readonly by: 'coordinator' | 'guard'
  /** Ends the trying, not a try. */
  readonly signal: AbortSignal
  /** How often it is tried before TARGET_FAILED (10: two minutes with the pauses between). */
  readonly tries?: number
}

/**
 * Takes a cluster down and makes sure: teardown by the target, then an inventory that must be empty, again with growing
 * pauses while it is not; then its rentals are written off and its guard is let go. Of a cluster that is not there it
 * does nothing. Somebody else who is taking it down is waited for.
 *
 * @throws TARGET_FAILED, TARGET_UNREACHABLE when it could not be done; CLUSTER_BUSY, DATABASE_UNAVAILABLE
 */
export async function clusterDown(options: ClusterDownOptions, site: ClusterSite): Promise<void> {
  const { cluster, because } = options
  const { note } = site
  const held = await claimDown(options, site)
  try {
    await tearDown(options, site)
    note(`cluster ${cluster}: nothing of it exists any more`)
    await writeOff(cluster, because, site)
    await held.settle('down')
    if (options.by === 'coordinator') await endGuards(cluster, site)
  } finally {
    held.letGo()
  }
  note(`cluster ${cluster}: down`)
}

/** Ends what exists, without a word to the ledger: what a guard can do while the database is away. */
export async function tearDown(options: ClusterDownOptions, site: ClusterSite): Promise<void> {
  const { cluster, signal, tries = 10 } = options
  const { target, note } = site
  const backoff = new Backoff({ firstMs: 500, longestMs: 20_000 })
  for (let attempt = 1; ; attempt++) {
    try {
      note(`cluster ${cluster}: tearing down`)
      await target.down(cluster, new AbortController().signal)
      const left = await remainsOf(site, cluster)
      if (left.length === 0) return
      for (const item of left) await target.end(item)
      const still = await remainsOf(site, cluster)
      if (still.length === 0) return
      const reason = still.map(({ what, place, detail }) => `${what} on ${place}: ${detail}`).join('; ')
      throw new BullpenError('TARGET_FAILED', { target: target.name, what: `taking ${cluster} down`, reason })
    } catch (thrown) {
      const error = asBullpenError(thrown)
      if (attempt >= tries || signal.aborted) throw error
      note(`cluster ${cluster}: ${error.message}; trying again`)
      await backoff.wait(signal)
    }
  }
}

/** Its open rentals are over. */
export async function writeOff(cluster: string, because: string, { books }: ClusterSite): Promise<void> {
  await books.use(async ({ ledger }) => {
    for (const { id } of await ledger.list({ cluster, open: true })) await ledger.ended(id, because, Date.now())
  })
}

async function claimDown(options: ClusterDownOptions, site: ClusterSite): Promise<HeldCluster> {
  const { cluster, signal } = options
  const { books, target, note } = site
  const claim = { cluster, target: target.name, change: 'down', request: null } as const
  const backoff = new Backoff({ firstMs: 250, longestMs: 2000 })
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await HeldCluster.claim(books, claim)
    } catch (error) {
      if (!(error instanceof BullpenError) || error.code !== 'CLUSTER_BUSY' || signal.aborted) throw error
      if (isFirst) note(`${error.message}: waiting for it`)
      await backoff.wait(signal)
    }
  }
}

async function endGuards(cluster: string, { home }: ClusterSite): Promise<void> {
  for (const { rental } of await guardItems(home, cluster)) await endGuard(home, rental)
}
