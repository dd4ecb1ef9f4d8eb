import type { ErrorEntry } from './entry.ts'

export const commandCodes = {
  INTERNAL: {
    message: 'unexpected failure: {reason}',
    advice: 'Run again with --verbose for the stack, and report it.',
    retryable: false,
    http: 500,
    exit: 1,
  },
  USAGE: {
    message: '{reason}',
    advice: 'See bullpen --help.',
    retryable: false,
    http: 400,
    exit: 2,
  },
  CONFIG_INVALID: {
    message: 'the configuration has {count} problem(s): {problems}',
    advice: 'Mend the named environment variables; docs/operations.md lists each with its default and unit.',
    retryable: false,
    http: 500,
    exit: 2,
  },
  INTERRUPTED: {
    message: 'interrupted: {reason}',
    advice: 'Go on with --resume and the run id printed above.',
    retryable: true,
    http: 503,
    exit: 130,
  },
  DISK_FULL: {
    message: 'no space left while writing {path}',
    advice: 'Free some space or point BULLPEN_HOME at a larger disk; nothing half-written was kept.',
    retryable: true,
    http: 507,
    exit: 1,
  },
  RUN_FINISHED: {
    message: 'run {run} is done: there is nothing to resume',
    advice: 'Start a new run, or look at its report.',
    retryable: false,
    http: 409,
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>
