import type { AttemptReport, TaskLease } from '#core/protocol'
import type { Attempt } from '#platform/attempts'

/**
 * A leased task in the hands of a consumer.
 *
 *     ready --slot free--> running --ended--> ended --verdict--> (let go)
 *       +-- given back, lost --> (let go)  +-- lease lost: let go without a report
 */
export interface HeldTask {
  readonly lease: TaskLease
  state: 'ready' | 'running' | 'ended'
  /** By the monotonic clock (ms): the lease may have lapsed from then on. */
  until: number
  /** Where its job's trace goes on, when there is one. */
  readonly trace: string | undefined
  /** While running. */
  attempt?: Attempt
  /** Set when the lease is no longer ours: nothing is reported. */
  isLost?: boolean
}

/** A report on its way to the ledger. */
export interface PendingReport {
  readonly held: HeldTask
  readonly report: AttemptReport
}

/** Marks a lease as no longer ours, and says so: this process was cut off, or stood still for too long. */
export function loseLease(held: HeldTask, onNote: (text: string) => void): void {
  if (held.isLost) return
  held.isLost = true
  onNote(`the lease of task ${held.lease.task.id} has lapsed: what was done of it here is refused`)
}
