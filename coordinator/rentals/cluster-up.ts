import { hostname } from 'node:os'
import { BullpenError } from '#core/errors'
import type { ClusterOutputs, ClusterRequest, PlannedRental, Rental } from '#core/protocol'
import { counted } from '../counted.ts'
import { agentsJoin } from './agents-join.ts'
import { bookCluster } from './book-cluster.ts'
import { clusterDown } from './cluster-down.ts'
import type { ClusterSite } from './cluster-site.ts'
import { isDeadHere } from '../holds/index.ts'
import { HeldCluster } from './held-cluster.ts'
import { TermRenewal } from './term-renewal.ts'

/** What is asked for; when it ends is `termMs` from each renewal. */
export type UpRequest = Omit<ClusterRequest, 'endsAt'> & {
  readonly termMs: number
  /** How long agents may take to join the fleet once the target says that they run, ms (300,000). */
  readonly joinMs?: number
}

/** A cluster that is up. */
export interface RaisedCluster {
  readonly outputs: ClusterOutputs
  /** Open rentals, guard included. */
  readonly rentals: readonly Rental[]
  readonly endsAt: number
}

/** The guard is a process of this machine and costs nothing. */
const guardPlan = (): PlannedRental => ({ name: 'guard', kind: 'guard', place: hostname(), price: null })

/**
 * Brings a cluster up, or heals one that is up:
 *
 *     plan ─▶ claim ─▶ booked ─▶ guard ─▶ target.up ─▶ agents joined ─▶ outputs stored
 *
 * Each step may be repeated by another process, and whoever dies after `booked` leaves a cluster that ends itself: its
 * term is renewed only while this runs. A failure takes down what there is.
 *
 * @throws USAGE, CLUSTER_BUSY, TARGET_FAILED, NO_WORKERS, DATABASE_UNAVAILABLE, the reason of `signal`
 */
export async function clusterUp(request: UpRequest, site: ClusterSite, signal: AbortSignal): Promise<RaisedCluster> {
  const { termMs, joinMs = 300_000, ...asked } = request
  const { cluster } = asked
  const { books, target, note } = site
  const planned = [guardPlan(), ...(await target.plan({ ...asked, endsAt: Date.now() + termMs }))]
  await clearAway(cluster, site)
  const latest = await endOfLife(asked, site)
  const endsAt = Math.min(Date.now() + termMs, latest)
  const whole: ClusterRequest = { ...asked, endsAt }
  const held = await HeldCluster.claim(books, { cluster, target: target.name, change: 'up', request: whole })
  const either = AbortSignal.any([signal, held.signal])
  try {
    const rentals = await bookCluster({ cluster, target: target.name, planned, endsAt }, books)
    note(`cluster ${cluster}: ${counted(rentals.length, 'rental')} booked until ${new Date(endsAt).toISOString()}`)
    const renewal = new TermRenewal({ cluster, termMs, latest }, site)
    try {
      await renewal.guard(rentals[0]!)
      note(`cluster ${cluster}: its guard runs`)
      const whileHeld = AbortSignal.any([either, renewal.signal])
      const outputs = await target.up(whole, rentals, whileHeld)
      note(`cluster ${cluster}: at work at ${target.name}, its agents are waited for`)
      await agentsJoin({ request: whole, rentals, outputs, joinMs }, site, whileHeld)
      await renewal.renew()
      await held.settle({ up: outputs })
      const open = await books.use(({ ledger }) => ledger.list({ cluster, open: true }))
      return { outputs, rentals: [...open].reverse(), endsAt: Math.max(endsAt, renewal.endsAt) }
    } finally {
      await renewal.stop()
    }
  } catch (error) {
    held.letGo()
    // Who took the claim takes the cluster down; everybody else cleans up after himself.
    if (!held.signal.aborted) await giveUp(cluster, site)
    throw error
  } finally {
    held.letGo()
  }
}

/**
 * Rentals past their term are never revived, and nobody knows how far a change came whose process died: what is left goes
 * first.
 */
async function clearAway(cluster: string, site: ClusterSite): Promise<void> {
  const [record, open] = await site.books.use(async ({ clusters, ledger }) => {
    return [await clusters.cluster(cluster), await ledger.list({ cluster, open: true })] as const
  })
  const now = Date.now()
  const isLapsed = open.some(({ endsAt }) => endsAt <= now)
  const { phase, changing } = record ?? { phase: 'down', changing: null }
  const isLeft = changing === null || changing.until <= now || isDeadHere(changing.holder)
  const isHalfWay = (phase === 'rising' || phase === 'falling') && isLeft
  if (!isLapsed && !isHalfWay) return
  const because = isLapsed ? 'its term was over' : 'its coming up was interrupted'
  site.note(`cluster ${cluster}: ${because}, so it is taken down first`)
  await clusterDown({ cluster, because, by: 'coordinator', signal: new AbortController().signal }, site)
}

/**
 * When the cluster must be gone, renewed or not, ms since the epoch: its life counts from when it first came up, however
 * often it is healed. Throws USAGE when that is over.
 */
async function endOfLife(
  { cluster, maxLifetimeSeconds }: Omit<ClusterRequest, 'endsAt'>,
  { books }: ClusterSite,
): Promise<number> {
  const record = await books.use(({ clusters }) => clusters.cluster(cluster))
  const now = Date.now()
  const since = record && record.phase !== 'down' ? record.since : now
  const latest = since + maxLifetimeSeconds * 1000
  if (latest > now) return latest
  const life = `cluster ${cluster} is up since ${new Date(since).toISOString()}, longer than ${maxLifetimeSeconds} s`
  throw new BullpenError('USAGE', { reason: `${life}: take it down first, or ask for a longer --max-lifetime` })
}

/** After a failure nothing is left running. That too may fail, and then the guard goes on trying. */
async function giveUp(cluster: string, site: ClusterSite): Promise<void> {
  const down = { cluster, because: 'coming up failed', by: 'coordinator', tries: 3 } as const
  try {
    await clusterDown({ ...down, signal: new AbortController().signal }, site)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    site.note(`cluster ${cluster} could not be taken down: ${reason}. Its guard will, when its term is over`)
  }
}
