import { readFile } from 'node:fs/promises'
import { BullpenError } from '#core/errors'
import type { ClusterOutputs, ClusterRecord } from '#core/protocol'
import { TermRenewal } from '../rentals/index.ts'
import { sessionWith, type Session } from './session.ts'

/** The queue of a rented cluster, for a run. */
export interface RentedQueue {
  /** With its password: never shown. */
  readonly url: string
  /** Longest time that giving the cluster back takes, s. */
  readonly teardownSeconds: number
  /** From now on the cluster works for this run. */
  readonly onRun: (runId: string) => Promise<void>
  /** From now on the run watches its budget itself: it knows what is really there. */
  readonly onLimit?: () => void
}

/**
 * Does `work` with the queue of a cluster that is up, whose term is renewed meanwhile. Several programs may use a cluster
 * at once; each renews its term. `name` null: the one cluster that is up. The session that `work` is given ends with
 * CLUSTER_NOT_UP when the cluster is lost.
 *
 * @throws CLUSTER_NOT_UP
 */
export async function withCluster<T>(
  { name, termMs }: { readonly name: string | null; readonly termMs: number },
  session: Session,
  work: (queue: RentedQueue, session: Session) => Promise<T>,
): Promise<T> {
  const { name: cluster, target, outputs, request, since } = await upCluster(name, session)
  const site = await session.clusterSite({ target })
  const latest = since + (request?.maxLifetimeSeconds ?? 0) * 1000
  const renewal = new TermRenewal({ cluster, termMs, latest }, site)
  try {
    await renewal.renew()
    renewal.signal.throwIfAborted()
    const onRun = (runId: string) => site.books.use(({ ledger }) => ledger.assign(cluster, runId))
    const { teardownSeconds } = site.target
    return await work({ url: await queueAddress(outputs), teardownSeconds, onRun }, until(session, renewal.signal))
  } finally {
    await renewal.stop()
  }
}

/** The session, which also ends when `signal` aborts: nobody waits for agents of a cluster that is lost. */
function until(session: Session, signal: AbortSignal): Session {
  return sessionWith(session, { signal: AbortSignal.any([session.signal, signal]) })
}

type UpCluster = ClusterRecord & { readonly outputs: ClusterOutputs }

async function upCluster(name: string | null, session: Session): Promise<UpCluster> {
  const all = await session.books().use(({ clusters }) => clusters.list())
  const isUp = (record: ClusterRecord): record is UpCluster => record.phase === 'up' && record.outputs !== null
  const found = all.filter((record) => (name === null ? isUp(record) : record.name === name))
  const [first, second] = found
  if (second) {
    const names = found.map((record) => record.name).join(', ')
    throw new BullpenError('USAGE', { reason: `several clusters are up, say which with --cluster: ${names}` })
  }
  if (first && isUp(first)) return first
  const reason = first ? `it is ${first.phase}` : 'there is none of that name'
  throw new BullpenError('CLUSTER_NOT_UP', { cluster: name ?? '(any)', reason: name === null ? 'none is up' : reason })
}

async function queueAddress({ redisUrl, redisPasswordFile }: ClusterOutputs): Promise<string> {
  if (redisPasswordFile === null) return redisUrl
  const url = new URL(redisUrl)
  url.password = (await readFile(redisPasswordFile, 'utf8')).trim()
  return url.toString()
}
