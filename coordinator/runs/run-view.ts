import type { ErrorData } from '#core/errors'
import type { Run, RunState, RunStore, TrialRecord } from '#core/registry'
import { rankTrials } from '#core/trials'
import { describeHolder } from '../holds/index.ts'

/** A run as people ask for it. */
export interface RunView {
  readonly id: string
  readonly state: RunState
  readonly createdAt: number
  readonly updatedAt: number
  /** Finished trials of those planned. */
  readonly trials: { readonly done: number; readonly of: number }
  /** AUC of the best trial so far, beside that of the naive baseline on the same rows. */
  readonly best: { readonly number: number; readonly score: number; readonly naive: number | null } | null
  /** Who works on it now; null when nobody does. */
  readonly holder: string | null
  readonly error: ErrorData | null
}

export type RunReader = Pick<RunStore, 'get' | 'list' | 'holder' | 'trials'>

/** Throws RUN_NOT_FOUND. */
export async function viewRun(run: Run, runs: RunReader): Promise<{ view: RunView; trials: readonly TrialRecord[] }> {
  const { id, state, createdAt, updatedAt, error, spec } = run
  const [trials, holder] = await Promise.all([runs.trials(id), runs.holder(id)])
  const best = rankTrials(trials)[0]
  const view: RunView = {
    id,
    state,
    createdAt,
    updatedAt,
    trials: { done: trials.length, of: (spec['search'] as { trials?: number } | undefined)?.trials ?? trials.length },
    best: best
      ? { number: best.number, score: best.score!, naive: best.metrics['naiveRocAucOvrWeighted'] ?? null }
      : null,
    holder: holder && describeHolder(holder.holder),
    error,
  }
  return { view, trials }
}

/** Whether a run rests: it is done, or it ended early and nobody works on it. */
export function hasEnded({ state, holder }: Pick<RunView, 'state' | 'holder'>): boolean {
  return state === 'done' || ((state === 'failed' || state === 'interrupted') && holder === null)
}
