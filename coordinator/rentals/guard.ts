import { mkdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { BullpenError } from '#core/errors'
import { Backoff, waitOut } from '#platform/attempts'
import { clusterDown, tearDown } from './cluster-down.ts'
import type { ClusterSite } from './cluster-site.ts'
import { writeKeeperFile } from './keeper-file.ts'
import { isAway } from './rental-books.ts'
import { TermWatch } from './term-watch.ts'

export interface GuardOptions {
  readonly cluster: string
  /** The guard's own rental. */
  readonly id: string
  readonly folder: string
  readonly pollMs: number
  /** Aborts when the guard is told to stop: it then takes the cluster down at once, unless it is down. */
  readonly signal: AbortSignal
}

/** Longest time a guard goes on trying to take a cluster down, ms; then `bullpen leaks` is left to say what is there. */
const longestMs = 6 * 3_600_000

/**
 * Waits for the term of a cluster to lapse and then takes it down itself, whoever else has died.
 *
 *     watching ─ its rental has ended: somebody took the cluster down ─▶ gone
 *         ├──── the term is over ──┬─▶ taking down ─▶ rentals written off, cluster down ─▶ gone
 *         └──── told to stop ──────┘        └─ fails ─▶ again, with growing pauses
 *
 * While the database is away it goes by the last known end, and tears down without the books.
 *
 * @throws RENTAL_OVER, with nothing done; DATABASE_UNAVAILABLE when it cannot be asked at the start
 */
export async function guardCluster(options: GuardOptions, site: ClusterSite): Promise<string> {
  const { cluster, id, folder, pollMs, signal } = options
  const { books, note } = site
  const ask = () => books.use(({ ledger }) => ledger.rental(id))
  const rental = await waitOut(ask, { away: ['DATABASE_UNAVAILABLE'], signal: AbortSignal.timeout(30_000) })
  if (!rental || rental.endedAt !== null || rental.cluster !== cluster) {
    throw new BullpenError('RENTAL_OVER', { rental: id, reason: 'it is no open rental of this cluster' })
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    const file = { id, cluster, pid: process.pid, startedAt: Date.now() }
    await writeKeeperFile(folder, { ...file, endsAt: rental.endsAt })
    note(`guarding cluster ${cluster} on ${hostname()} until ${new Date(rental.endsAt).toISOString()}`)
    const onRenewal = (endsAt: number) => writeKeeperFile(folder, { ...file, endsAt })
    const watch = new TermWatch(rental, { books, pollMs, signal, note, onRenewal })
    const end = await watch.over(new AbortController().signal)
    if (end.kind === 'ended' || (await hasEnded(id, site))) return end.because
    const because = end.kind === 'lapsed' ? end.because : 'its guard was told to stop'
    await takeDown(cluster, because, site)
    return because
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function hasEnded(id: string, { books }: ClusterSite): Promise<boolean> {
  const rental = await books.use(({ ledger }) => ledger.rental(id)).catch(() => undefined)
  return rental !== undefined && rental.endedAt !== null
}

async function takeDown(cluster: string, because: string, site: ClusterSite): Promise<void> {
  const options = { cluster, because, by: 'guard', signal: AbortSignal.timeout(longestMs), tries: Infinity } as const
  const backoff = new Backoff({ firstMs: 1000, longestMs: 300_000 })
  for (;;) {
    try {
      await clusterDown(options, site)
      return
    } catch (error) {
      site.note(error instanceof Error ? error.message : String(error))
      if (options.signal.aborted) return
      // The things go first: they cost money. The books are written when the database is back.
      if (isAway(error)) await tearDown({ ...options, tries: 1 }, site).catch(() => undefined)
      await backoff.wait(options.signal)
    }
  }
}
