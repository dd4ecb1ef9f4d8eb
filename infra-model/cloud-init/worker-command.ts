import type { ClusterRequestInputs } from '../inputs/cluster-request.ts'

/** What an agent on a rented host is told besides the request. */
export interface AgentPlace {
  /** What one hour of the host costs at most, for the fleet's figures. */
  readonly price: { readonly perHour: number; readonly currency: string } | null
  /** Where a notice comes from that the cloud takes the host back: a value of `bullpen worker --notice`; null: SIGTERM. */
  readonly notice: string | null
  /** How long tasks in hand may go on after a notice, s. */
  readonly noticeSeconds: number
}

/** Words of `bullpen worker`. All agents of a group have one name in the fleet, for its hosts come and go. It always has both an end without work and an end of everything. */
export function workerCommand(request: ClusterRequestInputs, place: AgentPlace): readonly string[] {
  const { cluster, threads, idleExitSeconds, maxLifetimeSeconds } = request
  const { price, notice, noticeSeconds } = place
  return [
    'worker',
    ...['--name', `${cluster}.workers`],
    ...['--idle-exit', String(idleExitSeconds)],
    ...['--max-lifetime', String(maxLifetimeSeconds)],
    ...(notice === null ? [] : ['--notice', notice]),
    ...['--notice-time', String(noticeSeconds)],
    ...(threads === null ? [] : ['--threads', String(threads)]),
    ...(price === null ? [] : ['--price', String(price.perHour), '--currency', price.currency]),
  ]
}
