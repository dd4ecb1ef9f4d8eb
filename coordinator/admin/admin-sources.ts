import type { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { ClusterStatus } from '../cluster/index.ts'
import type { RunMetrics } from '../run-metrics.ts'

/** A BullMQ queue as its room hands it out; opened and closed there. */
export type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0]

/** What the admin port shows, asked for anew with every request; a source left out is a part that is not in use. */
export interface AdminSources {
  /** The runs of this process, as they are at that moment. */
  readonly runs: () => readonly RunMetrics[]
  /** What `bullpen cluster status` shows, from PostgreSQL. */
  readonly cluster?: () => Promise<ClusterStatus>
  /** The shared queues opened so far: a run opens its own on its way. The same queue is the same object every time. */
  readonly queues?: () => Promise<readonly BoardQueue[]>
}
