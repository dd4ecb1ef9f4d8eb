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
    message: 'the {part} of task {task} does not fit its schema: {reason}',
    advice: 'Coordinator and workers must come from the same version of bullpen.',
    retryable: false,
    http: 400,
    exit: 1,
  },
  PROTOCOL_DIFFERS: {
    message: 'task {task} speaks protocol {theirs}, this process speaks {ours}',
    advice: 'Run the same version of bullpen on the coordinator and on every worker.',
    retryable: false,
    http: 409,
    exit: 1,
  },
  ENGINE_DIFFERS: {
    message: 'the run is pinned to {wanted}, here is {actual}',
    advice: 'Two engines round differently: go on with the engine and version the run started with.',
    retryable: false,
    http: 409,
    exit: 1,
  },
  FEATURES_DIFFER: {
    message: 'feature set {name} should have hash {wanted}, this code computes {actual}',
    advice: 'Use the version of bullpen that the run or model was made with, or start a new run.',
    retryable: false,
    http: 409,
    exit: 1,
  },
  WORKER_CRASHED: {
    message: 'the thread that ran task {task} died: {reason}',
    advice: 'The task is tried again; if it keeps dying look at its memory.',
    retryable: true,
    http: 500,
    exit: 1,
  },
  QUEUE_FULL: {
    message: 'the queue holds {waiting} waiting tasks; {added} more would pass its limit of {limit}',
    advice: 'Enqueue more slowly, or start more workers.',
    retryable: true,
    http: 503,
    exit: 1,
  },
  QUEUE_CLOSED: {
    message: 'the task queue is closed',
    advice: 'Open it again; a run goes on with --resume.',
    retryable: false,
    http: 503,
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
