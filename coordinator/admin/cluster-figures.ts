import type { ClusterStatus } from '../cluster/index.ts'
import type { AdminSources } from './admin-sources.ts'
import { answered } from './answered.ts'

/** What the parts answered. A part that is not in use is not in `up`. */
export interface ClusterFigures {
  readonly up: { readonly postgres?: boolean; readonly redis?: boolean }
  /** Null when there is none, or the database does not answer. */
  readonly cluster: ClusterStatus | null
}

/** Asks every part at once and waits for none of them longer than `timeoutMs`, so that one that is dead hides no other. */
export async function clusterFigures({ cluster, queues }: AdminSources, timeoutMs: number): Promise<ClusterFigures> {
  const countJobs = async () => {
    const found = (await queues?.()) ?? []
    await Promise.all(found.map((queue) => queue.getWaitingCount()))
    return found.length
  }
  const [status, jobs] = await Promise.all([
    cluster && answered(cluster, timeoutMs),
    queues && answered(countJobs, timeoutMs),
  ])
  return {
    up: {
      ...(status ? { postgres: status.ok } : {}),
      ...(jobs && (!jobs.ok || jobs.value > 0) ? { redis: jobs.ok } : {}),
    },
    cluster: status?.ok ? status.value : null,
  }
}
