import type { Agent, LeasedTask, RouteLoad } from '#core/protocol'
import type { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { RunMetrics } from '../run-metrics.ts'

/** A BullMQ queue as its room hands it out; opened and closed there. */
export type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0]

/** What the admin port shows, asked for anew with every request; a source left out is a part that is not in use. */
export interface AdminSources {
  /** The run of this process, as it is at that moment. */
  readonly run: RunMetrics
  readonly fleet?: { list(): Promise<readonly Agent[]> }
  readonly ledger?: { load(): Promise<readonly RouteLoad[]>; leased(): Promise<readonly LeasedTask[]> }
  /** Resolves when Redis answers. */
  readonly pingRedis?: () => Promise<unknown>
  readonly queues?: readonly BoardQueue[]
  /** The document of `bullpen cluster status --json`. */
  readonly status?: () => Promise<unknown>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}
