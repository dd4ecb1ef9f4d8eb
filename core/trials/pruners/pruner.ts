import type { FinishedTrial } from '../trial.ts'

/**
 * Decides from earlier trials alone when a trial is not worth finishing. Without state: a trial that waits for its
 * visible trials before it starts is pruned the same way with any number of threads.
 */
export interface Pruner {
  readonly name: string
  /**
   * Stop a trial whose mean over its first `folds` folds (1 or more, fewer than all) is below this; null lets every
   * trial go on.
   */
  threshold(visible: readonly FinishedTrial[], folds: number): number | null
}
