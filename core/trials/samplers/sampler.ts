import type { Parameters, SearchSpace } from '../search-space.ts'
import type { FinishedTrial } from '../trial.ts'

/**
 * Proposes what to try. Without state: the same trial number, visible trials, space and seed give the same point, on
 * any thread. Randomness is keyed by (seed, trial number). Failed trials are among `visible` and are ignored.
 */
export interface Sampler {
  readonly name: string
  suggest(trialNumber: number, visible: readonly FinishedTrial[], space: SearchSpace, seed: number): Parameters
}
