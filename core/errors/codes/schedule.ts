import type { ErrorEntry } from './entry.ts'

export const scheduleCodes = {
  SCHEDULE_OVERLAP: {
    message: 'schedule {schedule}: the run due at {due} is refused while {by} still runs that of {other}',
    advice: 'Nothing to do: whoever looks next runs it when the other has ended. Often seen: the runs take too long.',
    retryable: true,
    http: 409,
    exit: 1,
  },
  SCHEDULE_CLAIM_LOST: {
    message: 'schedule {schedule}: another scheduler has taken over what was due at {due}',
    advice: 'Nothing to do: the other goes on with the same run. Look at why this one could not reach the database.',
    retryable: false,
    http: 409,
    exit: 1,
  },
  BUDGET_TOO_SMALL: {
    message: 'a budget of {budget} is too small: {reason}',
    advice: 'Give more with --budget, or rent fewer or cheaper machines; a run that began goes on with --resume.',
    retryable: false,
    http: 409,
    exit: 2,
  },
  BUDGET_SPENT: {
    message: 'the run was stopped: of {budget} no more than the teardown is left ({spent} spent)',
    advice: 'Go on with --resume and a larger --budget; everything finished is kept.',
    retryable: false,
    http: 409,
    exit: 1,
  },
  BUDGET_WITHOUT_PRICE: {
    message: 'a budget cannot be kept: {reason}',
    advice: 'Name a price: --price on train and weekly, --price on bullpen worker, or a target that knows its prices.',
    retryable: false,
    http: 400,
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>
