import { overfittingBlocks, searchOverfitting } from '#core/backtest'
import { asBullpenError } from '#core/errors'
import type { ModelManifest, RunStore, TrialRecord } from '#core/registry'

/** Sets of parameters that were scored on a series, by what the registry's runs have recorded. */
export interface TriedTrials {
  /** By the search that the model is the best of. */
  readonly search: number
  /** By the outer steps of its run. */
  readonly outer: number
  /** By all other runs on the same symbol and width, earlier or later, finished or not, replays among them. */
  readonly otherRuns: number
  /** All of these; 1 at least. */
  readonly total: number
  /**
   * Probability that choosing the best of the search by its folds is overfitting, in [0, 1]; null where there is nothing to
   * choose, or the folds share test rows and cannot be held against each other.
   */
  readonly overfitting: number | null
}

/** What was tried before anybody looks at this model. A run the store no longer knows counts as what its search was asked for. */
export async function triedTrials(
  { runId, data, search, splits }: Pick<ModelManifest, 'runId' | 'data' | 'search' | 'splits'>,
  runs: Pick<RunStore, 'trialCounts' | 'trials'>,
): Promise<TriedTrials> {
  const counts = await runs.trialCounts(data)
  const own = counts.find((count) => count.runId === runId)
  const asked = typeof search['trials'] === 'number' ? search['trials'] : 1
  const [inSearch, outer] = own ? [own.search, own.outer] : [asked, 0]
  const otherRuns = counts.filter((count) => count !== own).reduce((sum, count) => sum + count.search + count.outer, 0)
  const total = Math.max(1, inSearch + outer + otherRuns)
  const overfitting =
    splits['name'] === 'combinatorial-purged' ? null : overfittingOfSearch(await trialsOf(runId, runs))
  return { search: inSearch, outer, otherRuns, total, overfitting }
}

async function trialsOf(runId: string, runs: Pick<RunStore, 'trials'>): Promise<readonly TrialRecord[]> {
  try {
    return await runs.trials(runId)
  } catch (error) {
    if (asBullpenError(error).code === 'RUN_NOT_FOUND') return []
    throw error
  }
}

function overfittingOfSearch(trials: readonly TrialRecord[]): number | null {
  const scores = trials
    .filter(({ state }) => state === 'complete')
    .map(({ folds }) => folds.map(({ metrics }) => metrics['rocAucOvrWeighted'] ?? NaN))
  const folds = scores[0]?.length ?? 0
  if (scores.length < 2 || folds < 2 || folds > overfittingBlocks) return null
  return searchOverfitting(scores).probability
}
