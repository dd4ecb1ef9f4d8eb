import type { SearchForecast } from './budget.ts'

/** What a trial is taken to last before one was measured, at least, s. */
const leastGuessSeconds = 10

/**
 * How long the trials of a search take, from being asked for to their end, as far as is known at each moment. Trials
 * still running count as what was forecast when they were asked for.
 */
export class SearchPace {
  private readonly beforeSearchSeconds: number
  private readonly running = new Map<number, number>()
  private longest: number | null = null

  /** `beforeSearchSeconds`: what the stages before the search took, the first forecast of a trial. */
  constructor(beforeSearchSeconds: number) {
    this.beforeSearchSeconds = beforeSearchSeconds
  }

  forecast(): SearchForecast {
    const { beforeSearchSeconds, longest, running } = this
    const measured = longest ?? Math.max(beforeSearchSeconds, leastGuessSeconds)
    return { longestTrialSeconds: Math.max(measured, ...running.values()), beforeSearchSeconds }
  }

  asked(trial: number): void {
    this.running.set(trial, this.forecast().longestTrialSeconds)
  }

  ended(trial: number, seconds: number): void {
    this.running.delete(trial)
    this.longest = Math.max(this.longest ?? 0, seconds)
  }
}
