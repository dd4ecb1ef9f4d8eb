import { toErrorData, type ErrorData } from '#core/errors'
import { checkResult } from './make-task.ts'
import type { Task, TaskOutcome } from './task-queue.ts'

/** Facts about the last attempt that an outcome carries. */
export interface AttemptRecord {
  readonly attempts: number
  readonly worker: string
  readonly startedAt: number
  readonly finishedAt: number
}

type Named = Pick<Task, 'id' | 'runId' | 'key' | 'name'>

/** A task that gave `result`; becomes a TASK_INVALID failure when the result does not fit its schema. */
export function succeeded(task: Named, record: AttemptRecord, result: unknown): TaskOutcome {
  try {
    return { ...about(task, record), ok: true, result: checkResult(task.name, result, task.id) }
  } catch (error) {
    return failed(task, record, toErrorData(error))
  }
}

/** A task that ended with `error`. */
export function failed(task: Named, record: AttemptRecord, error: ErrorData): TaskOutcome {
  return { ...about(task, record), ok: false, error }
}

/** The retry rule: an error that may pass is tried again while attempts are left. */
export function mayRetry(task: Pick<Task, 'attempts'>, attemptsMade: number, error: ErrorData): boolean {
  return error.retryable && attemptsMade < task.attempts
}

function about({ id, runId, key, name }: Named, { attempts, worker, startedAt, finishedAt }: AttemptRecord) {
  return { id, runId, key, name, attempts, worker, startedAt, finishedAt }
}
