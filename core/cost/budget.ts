/**
 * A budget and what is known of the spending when something is decided. Money in one currency, times in seconds.
 *
 * The rule keeps two promises. What a run spends never exceeds its budget, however long anything takes, as long as rates
 * stay what they are, the teardown keeps to `teardownSeconds` and orders to `latenessSeconds`: at the latest when no more
 * than the teardown can be paid the run is stopped. And a run that has begun to search is not stopped but judged with the
 * trials it has, as long as no trial takes longer than {@link trialSlack} times the longest before it and judging no
 * longer than {@link judgingSeconds}.
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

/** What is known of durations. */
export interface SearchForecast {
  /** Longest trial so far, from being asked for to its end. */
  readonly longestTrialSeconds: number
  /** What the stages before the search took. */
  readonly beforeSearchSeconds: number
}

/** A trial may take so many times as long as the longest before it. */
export const trialSlack = 2

/** A decision may be carried out so much later than it was due, s. */
export const latenessSeconds = 5

/** Registering and the report, s. */
const writingSeconds = 30

/** How long everything may go on until only its teardown can be paid, s; below 0 when even that is too much. */
export function runSecondsLeft({ budget, spent, perHour, teardownSeconds }: Spending): number {
  if (perHour === 0) return spent <= budget ? Infinity : -Infinity
  return ((budget - spent) / perHour) * 3600 - teardownSeconds - latenessSeconds
}

/**
 * What comes after the search, at most: calibration and the final fit are no more fits than two trials, certifying
 * repeats the stages before the search on fewer rows.
 */
export function judgingSeconds({ longestTrialSeconds, beforeSearchSeconds }: SearchForecast): number {
  return 2 * longestTrialSeconds + beforeSearchSeconds + writingSeconds
}

/** Whether another trial can be asked for: it, what runs beside it, and judging are paid for, were it as long as it may be. */
export function mayAsk(spending: Spending, forecast: SearchForecast): boolean {
  const longestTrialSeconds = trialSlack * forecast.longestTrialSeconds
  return runSecondsLeft(spending) >= longestTrialSeconds + judgingSeconds({ ...forecast, longestTrialSeconds })
}

/** Whether a run can begin at all: `startSeconds` to get machines, then at least a minute of work, then teardown. */
export function mayBegin(spending: Spending, startSeconds: number): boolean {
  return runSecondsLeft(spending) >= startSeconds + 60
}
