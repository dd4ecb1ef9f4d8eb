import type { Agent, LeasedTask, RouteLoad } from '#core/protocol'
import type { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { TaskCounters } from '../tasks/index.ts'

/** How far a run has come. */
export interface RunFigures {
  readonly runId: string
  readonly stage: string
  /** Trials the run is to make, and those finished, by how. */
  readonly trialsPlanned: number
  readonly trials: { readonly complete: number; readonly pruned: number; readonly failed: number }
  readonly tasks: TaskCounters
  /** Best mean AUC so far, and that of the naive number on the same rows; null before the first trial. */
  readonly best: { readonly score: number; readonly naive: number | null } | null
  /** ms since the epoch. */
  readonly startedAt: number
}

/** A BullMQ queue as its room hands it out; opened and closed there. */
export type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0]

/** What the admin port shows, asked for anew with every request; a source left out is a part that is not in use. */
export interface AdminSources {
  /** The run of this process; null before it has started. */
  readonly run?: () => RunFigures | null
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
