import type { ErrorData } from '#core/errors'
import type { Route } from './route.ts'
import type { Task, TaskOutcome } from './task-queue.ts'

/** The right to run one attempt of a task, until it lapses, is given back, or the task is forgotten. */
export interface TaskLease {
  readonly task: Task
  /** 1 for the first attempt; attempts whose worker was lost count. */
  readonly attempt: number
  /** Fencing token, unique for ever: a result is accepted only with the token of the current lease. */
  readonly token: string
  /**
   * True for a task that is quarantined if it loses this worker too. It runs alone: the worker is lent nothing else
   * until it ends, so better stops asking.
   */
  readonly alone: boolean
}

/** Who asks for a lease. */
export interface LeaseRequest {
  readonly ids: readonly string[]
  readonly route: Route
  /** Id of the agent or process, for people and for the rule about suspects. */
  readonly worker: string
  /** How long the lease holds unless renewed, ms. */
  readonly ttlMs: number
}

/** How one leased attempt ended, by the worker's clock (ms since the epoch). */
export type AttemptReport = {
  readonly token: string
  readonly startedAt: number
  readonly finishedAt: number
} & ({ readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: ErrorData })

/** What became of a report: the task ended, waits for its next attempt, or the lease was no longer the current one. */
export type ReportVerdict = 'finished' | 'retry' | 'fenced'

/** What a renewal found out: tokens of leases that are no longer this worker's, and of those whose task is to be aborted. */
export interface Renewal {
  readonly lost: readonly string[]
  readonly cancelled: readonly string[]
}

/** A task that waits for a worker. */
export interface WaitingTask {
  readonly id: string
  readonly runId: string
  readonly kind: string
  readonly priority: number
  /** Attempts made so far. */
  readonly attempts: number
  /** It lost a worker: tell it in a job of its own, for a lease of several grants only one of its kind. */
  readonly suspect: boolean
}

/** Tasks of one route by state, for people. */
export interface RouteLoad {
  readonly route: Route
  readonly waiting: number
  readonly leased: number
  readonly finishedLastMinute: number
}

/** A leased task, for people. */
export interface LeasedTask {
  readonly id: string
  readonly runId: string
  readonly kind: string
  readonly worker: string
  readonly attempt: number
  /** ms since the epoch. */
  readonly leasedAt: number
  /** Mean duration of finished tasks of its kind, ms; null when none has finished. */
  readonly meanMs: number | null
}

/**
 * The truth about tasks that several machines share. The queue that hands tasks out may lose everything: what is
 * missing there is read from here again.
 *
 *                   +------- release, retryable error or lapsed lease, with attempts left ------+
 *                   v                                                                           |
 *     unknown --> waiting --lease--> leased --final report, cancelled, third worker lost--> finished --forget--> unknown
 *
 * - Every method is atomic and may be called again after an error that hides whether it took effect.
 * - A report is accepted only with the token of the current lease; an accepted `ok` result of a run that the run
 *   store knows is put into the run's record (`RunStore.taskResults`) in the same transaction.
 * - A lease that lapsed is still the current one until `expire` ends it: nobody else has the task before.
 * - A task whose lease lapses three times is quarantined: it ends with TASK_QUARANTINED. A task that has lost a worker
 *   once is suspect, and a worker is lent one suspect at a time: a task that kills its worker thus takes no innocent
 *   neighbour with it more than once. A task that has lost two runs alone (`lendable` says why).
 * - `kind` groups tasks for statistics: the task's name, for own tasks `own:<module>`.
 *
 * Times are the ledger's own clock. Throws DATABASE_UNAVAILABLE.
 */
export interface TaskLedger {
  /**
   * Adds tasks, all or none, and answers the ids it did not know, in order. A known id is left as it is; throws
   * TASK_INVALID when its payload differs. Tasks have been checked with `checkTask`.
   */
  add(tasks: readonly Task[], route: Route): Promise<readonly string[]>
  /**
   * Leases those of `ids` that wait, serve this route and may go to this worker, in the order asked. What is left out
   * runs elsewhere, has ended, or is told again.
   */
  lease(request: LeaseRequest): Promise<readonly TaskLease[]>
  /** Prolongs leases by `ttlMs` from now. */
  renew(tokens: readonly string[], ttlMs: number): Promise<Renewal>
  /** Gives leases back unused: the tasks wait again and the attempts do not count. Other tokens are ignored. */
  release(tokens: readonly string[]): Promise<void>
  /**
   * Ends attempts, all in one transaction, durable when this resolves. One verdict per report, in order. Reporting
   * again with the same token answers as the first time and changes nothing, until the task is leased anew.
   */
  report(reports: readonly AttemptReport[]): Promise<readonly ReportVerdict[]>
  /** Ends lapsed leases; answers the ids of tasks that ended by it (quarantined, or out of attempts). Any process may. */
  expire(): Promise<readonly { readonly id: string; readonly runId: string }[]>
  /**
   * Tasks that wait on a route and were not told to the queue within `olderThanMs`, best first, at most `limit`; they
   * count as told from now on. With `olderThanMs` 0: every waiting task. Whoever adds a task tells it, so it counts as
   * told when added; one that waits again after a lease does not.
   */
  waiting(route: Route, options: { readonly olderThanMs: number; readonly limit: number }): Promise<WaitingTask[]>
  /**
   * Ends what waits of a run with TASK_CANCELLED; what is leased gets no further attempt and, with `abort`, its worker
   * learns of it at its next renewal. Answers the ids that ended.
   */
  cancel(runId: string, running: 'abort' | 'finish'): Promise<readonly string[]>
  /** Outcomes of finished tasks of a run, by id; unknown and unfinished ids are left out. */
  outcomes(runId: string, ids: readonly string[]): Promise<readonly TaskOutcome[]>
  /**
   * Ids that finished in the last `withinMs` (all when absent), oldest first. Commits may overtake each other: read
   * with an overlap of a minute and leave out what is known already.
   */
  finished(runId: string, withinMs?: number): Promise<readonly string[]>
  /**
   * Drops failed outcomes of a run, so that their ids may be added anew; what waits, runs or succeeded stays. What runs
   * is no longer cancelled.
   */
  reopen(runId: string): Promise<void>
  /** Drops every task of a run. */
  forget(runId: string): Promise<void>
  /** Mean duration of recently finished tasks by kind, ms. */
  meanDurations(): Promise<ReadonlyMap<string, number>>
  load(): Promise<readonly RouteLoad[]>
  leased(): Promise<readonly LeasedTask[]>
}

/** How often a task may lose its worker before it is quarantined. */
export const maxLostWorkers = 3
