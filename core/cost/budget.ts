/**
 * A budget and what is known of the spending when something is decided. Money in one currency, times in seconds.
 *
 * The rule keeps two promises for any durations of trials: what a run spends never exceeds its budget as long as prices
 * and teardown keep their bounds (`teardownSeconds`, `latenessSeconds`), because at the latest when no more than the
 * teardown can be paid the run is stopped; and when no trial takes longer than twice the longest before it, and judging
 * no longer than predicted, it is not stopped but judged with the trials it has.
 */
export interface Spending {
  readonly budget: number
  /** Until now. */
  readonly spent: number
  /** What an hour of everything rented now costs. */
  readonly perHour: number
  /** From the end of the run until the last rented thing is gone, at most. */
  readonly teardownSeconds: number
}

/** What is needed after the search, and what a trial takes. */
export interface SearchForecast {
  /** Longest trial so far from being asked for to its end; before the first, what the stages before the search took. */
  readonly longestTrialSeconds: number
  /** Calibrating, fitting, scoring, certifying and registering, at most. */
  readonly judgingSeconds: number
}

/** A trial may take so many times as long as the longest before it. */
export const trialSlack = 2

/** A decision may be taken and carried out so much later than it was due, s. */
export const latenessSeconds = 5

/** How long everything may go on until only its teardown can be paid, s; below 0 when even that is too much. */
export function runSecondsLeft({ budget, spent, perHour, teardownSeconds }: Spending): number {
  if (perHour === 0) return spent <= budget ? Infinity : -Infinity
  return ((budget - spent) / perHour) * 3600 - teardownSeconds - latenessSeconds
}

/** Whether another trial can be asked for: it, what runs beside it, and judging are paid for. */
export function mayAsk(spending: Spending, { longestTrialSeconds, judgingSeconds }: SearchForecast): boolean {
  return runSecondsLeft(spending) >= trialSlack * longestTrialSeconds + judgingSeconds
}

/** Whether renting can begin at all: `startSeconds` to get machines, then at least a minute of work, then teardown. */
export function mayBegin(spending: Spending, startSeconds: number): boolean {
  return runSecondsLeft(spending) >= startSeconds + 60
}
