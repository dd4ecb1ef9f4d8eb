import { randomBytes } from 'node:crypto'
import { costInWords, costOf, paidRentals } from '#core/cost'
import { BullpenError } from '#core/errors'
import { clusterDown, clusterUp } from '../rentals/index.ts'
import { raisedLines } from './cluster-changes.ts'
import { clusterName, upRequest, type ClusterOptions } from './cluster-options.ts'
import { withCluster, type RentedQueue } from './rented-queue.ts'
import type { Session } from './session.ts'

/**
 * Rents a cluster, does `work` on it and gives it back, whatever happens in between: success, failure, Ctrl-C. A teardown
 * that fails is tried again; when this process is killed outright, keepers and guard end what is rented. A run rents a
 * cluster of its own, so that no other's work is torn down with it.
 */
export async function onRentedCluster<T>(
  options: ClusterOptions,
  session: Session,
  work: (queue: RentedQueue, session: Session) => Promise<T>,
): Promise<T> {
  const since = session.now()
  const name = clusterName(options.name ?? `weekly-${randomBytes(3).toString('hex')}`)
  const site = await session.clusterSite(options)
  await refuseInUse(name, session)
  session.wouldBeLost(`leaves cluster ${name} to its guard, which takes it down when its term is over`)
  try {
    const raised = await clusterUp(upRequest(name, options), site, session.signal)
    for (const line of raisedLines(raised)) session.note(line)
    const result = await withCluster({ name, termMs: options.term * 1000 }, session, work).catch(
      async (error: unknown) => {
        // What stopped the run is told, not what came after it.
        await giveBack().catch((other: unknown) => {
          session.note(other instanceof Error ? other.message : String(other))
        })
        throw error
      },
    )
    await giveBack()
    return result
  } finally {
    session.wouldBeLost(null)
  }

  async function giveBack(): Promise<void> {
    // Not the session's signal: an interrupted run gives its cluster back all the same.
    const signal = new AbortController().signal
    await clusterDown({ cluster: name, because: 'its run was over', by: 'coordinator', signal }, site)
    const rentals = await site.books.use(({ ledger }) => ledger.list({ cluster: name }))
    const own = rentals.filter(({ endedAt }) => endedAt === null || endedAt >= since)
    const cost = costOf(paidRentals(own, session.now()))
    // With the teardown, which the report of the run could not know of.
    if (Object.keys(cost.amounts).length > 0) session.note(`cluster ${name} cost ${costInWords(cost)}`)
  }
}

async function refuseInUse(cluster: string, session: Session): Promise<void> {
  const open = await session.books().use(({ ledger }) => ledger.list({ cluster, open: true }))
  if (!open.some(({ endsAt }) => endsAt > Date.now())) return
  const reason = `cluster ${cluster} is rented already: use it with bullpen train --cluster ${cluster}, or leave out --name`
  throw new BullpenError('USAGE', { reason })
}
