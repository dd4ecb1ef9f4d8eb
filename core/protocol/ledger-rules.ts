import { BullpenError, toErrorData } from '#core/errors'
import { failed, mayRetry, succeeded } from './outcomes.ts'
import { maxLostWorkers, type AttemptReport } from './task-ledger.ts'
import type { Task, TaskOutcome } from './task-queue.ts'

/** What a ledger knows of a task when it decides on it. */
export interface TaskHistory extends Pick<Task, 'id' | 'runId' | 'key' | 'name' | 'attempts'> {
  /** Attempts made, a running one included. */
  readonly attempt: number
  /** Who has its lease, or had the last one; empty when it was never leased. */
  readonly worker: string
  /** Workers lost while they had it, the present one not included. */
  readonly lostWorkers: readonly string[]
  /** Whether its run was cancelled since it was leased, and how. */
  readonly cancelled: 'abort' | 'finish' | null
}

/**
 * What a report from the current lease leads to: the outcome, or another attempt, or, when the worker aborted the task
 * for a cancellation that has been taken back since (the run was reopened), an attempt that does not count.
 */
export function afterReport(task: TaskHistory, report: AttemptReport): TaskOutcome | 'retry' | 'unused' {
  const record = { attempts: task.attempt, worker: task.worker, ...spanOf(report) }
  if (report.ok) return succeeded(task, record, report.result)
  if (task.cancelled === null) {
    if (report.error.code === 'TASK_CANCELLED') return 'unused'
    if (mayRetry(task, task.attempt, report.error)) return 'retry'
  }
  return failed(task, record, report.error)
}

/** What a lapsed lease leads to: the outcome, or another attempt. Times are the ledger's own. */
export function afterLapse(task: TaskHistory, startedAt: number, finishedAt: number): TaskOutcome | 'retry' {
  const record = { attempts: task.attempt, worker: task.worker, startedAt, finishedAt }
  const end = (error: BullpenError) => failed(task, record, toErrorData(error))
  const workers = [...task.lostWorkers, task.worker]
  if (task.cancelled !== null) return end(new BullpenError('TASK_CANCELLED', { task: task.id }))
  if (workers.length >= maxLostWorkers) {
    const details = { task: task.id, times: workers.length, workers: workers.join(', ') }
    return end(new BullpenError('TASK_QUARANTINED', details))
  }
  if (task.attempt >= task.attempts) {
    return end(new BullpenError('WORKER_LOST', { worker: task.worker, task: task.id }))
  }
  return 'retry'
}

/** How a waiting task of a cancelled run ends. */
export function afterCancel(task: TaskHistory, at: number): TaskOutcome {
  // A lease given back before its attempt began leaves a name behind, but nobody ran the task.
  const worker = task.attempt === 0 ? '' : task.worker
  const record = { attempts: task.attempt, worker, startedAt: at, finishedAt: at }
  return failed(task, record, toErrorData(new BullpenError('TASK_CANCELLED', { task: task.id })))
}

/** Whether a task that lost so many workers may kill the next one: see {@link lendable}. */
export function isSuspect(lost: number): boolean {
  return lost > 0
}

/** Whether the next lost worker puts a task in quarantine. */
export function isLastChance(lost: number): boolean {
  return lost >= maxLostWorkers - 1
}

/**
 * Those of `candidates`, in their order, that a worker may be lent which holds tasks that lost `held` workers each.
 *
 * Whoever runs beside a task that kills its worker loses the worker too, and must not be taken for the killer. So a
 * worker has one suspect at a time: a killer, suspect from its first kill on, takes no neighbour down twice. And a
 * task runs its last chance alone, else three killers not yet known as such could put an innocent in quarantine.
 */
export function lendable<C extends { readonly lost: number }>(candidates: readonly C[], held: readonly number[]): C[] {
  let isTaken = held.length > 0
  let hasSuspect = held.some(isSuspect)
  let isClosed = held.some(isLastChance)
  return candidates.filter(({ lost }) => {
    if (isClosed || (isTaken && isLastChance(lost)) || (hasSuspect && isSuspect(lost))) return false
    isTaken = true
    hasSuspect ||= isSuspect(lost)
    isClosed = isLastChance(lost)
    return true
  })
}

function spanOf({ startedAt, finishedAt }: AttemptReport) {
  return { startedAt, finishedAt }
}
