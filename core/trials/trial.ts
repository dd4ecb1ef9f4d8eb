import type { Parameters } from './search-space.ts'

/**
 * A trial that ended. `complete` ran every fold; `pruned` was stopped early; `failed` raised an error and is known to
 * have happened, but teaches nothing.
 */
export interface FinishedTrial {
  /** From 0, in the order of the plan. */
  readonly number: number
  readonly state: 'complete' | 'pruned' | 'failed'
  readonly parameters: Parameters
  /** Mean of `foldScores`, higher is better; null when failed. */
  readonly score: number | null
  /** Score of each fold that ran, in fold order. */
  readonly foldScores: readonly number[]
}

/** Which earlier trials a trial may learn from. Part of the search spec: changing it changes the search. */
export interface Visibility {
  /** Trials planned together, 1 or more. */
  readonly batchSize: number
  /**
   * Whole batches that may still be running when a batch is planned: 0 waits for all earlier trials, 1 lets the pool
   * go on with the previous batch meanwhile, so that no thread idles at a batch border.
   */
  readonly lag: number
}

/** One batch of lag keeps threads busy at borders. */
export const defaultVisibility: Visibility = { batchSize: 4, lag: 1 }

/**
 * How many trials (numbers 0 to that, exclusive) trial `number` waits for and sees: those of batches before its own
 * batch less `lag`. It depends on the number alone, never on who finished first, so the search is the same with any
 * number of threads.
 */
export function visibleCount(number: number, { batchSize, lag }: Visibility): number {
  return Math.max(0, Math.floor(number / batchSize) - lag) * batchSize
}

/** The trials that trial `number` sees, by number. */
export function visibleTrials(
  trials: readonly FinishedTrial[],
  number: number,
  visibility: Visibility,
): readonly FinishedTrial[] {
  const count = visibleCount(number, visibility)
  return trials.filter((trial) => trial.number < count).sort((a, b) => a.number - b.number)
}

/** Complete trials, best first: highest score, ties to the lowest number. */
export function rankTrials<T extends Pick<FinishedTrial, 'number' | 'state' | 'score'>>(trials: readonly T[]): T[] {
  const complete = trials.filter((trial) => trial.state === 'complete' && trial.score !== null)
  return complete.sort((a, b) => b.score! - a.score! || a.number - b.number)
}

/** The winner of a search, null when no trial completed. */
export function bestTrial<T extends Pick<FinishedTrial, 'number' | 'state' | 'score'>>(trials: readonly T[]): T | null {
  return rankTrials(trials)[0] ?? null
}

/** Mean of the first `folds` fold scores. */
export function runningMean(foldScores: readonly number[], folds: number): number {
  return foldScores.slice(0, folds).reduce((sum, score) => sum + score, 0) / folds
}
