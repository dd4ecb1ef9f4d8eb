import type { ErrorEntry } from './entry.ts'

export const poolCodes = {
  TASK_TIMEOUT: {
    message: 'task {task} ran longer than {seconds} s',
    advice: 'Raise --task-timeout, or make the task smaller.',
    retryable: true,
    http: 504,
    exit: 1,
  },
  TASK_CANCELLED: {
    message: 'task {task} was cancelled',
    advice: 'Nothing to do: the run was stopped.',
    retryable: true,
    http: 503,
    exit: 130,
  },
  TASK_INVALID: {
    message: 'task {task} has a payload that does not fit its schema: {reason}',
    advice: 'Coordinator and workers must come from the same version of bullpen.',
    retryable: false,
    http: 400,
    exit: 1,
  },
  WORKER_CRASHED: {
    message: 'the thread that ran task {task} died: {reason}',
    advice: 'The task is tried again; if it keeps dying look at its memory.',
    retryable: true,
    http: 500,
    exit: 1,
  },
  TOO_MANY_FAILURES: {
    message: '{failed} of {total} tasks failed, more than the {allowed} allowed; the first said: {first}',
    advice: 'Mend the cause named, then go on with --resume.',
    retryable: false,
    http: 500,
    exit: 1,
  },
} as const satisfies Record<string, ErrorEntry>
