import { setTimeout as sleep } from 'node:timers/promises'
import type { RunState } from '#core/registry'
import type { ProgressListener, StageName } from '../progress.ts'
import { hasEnded, viewRun, type RunReader, type RunView } from './run-view.ts'

export interface WatchRunOptions {
  readonly runs: RunReader
  readonly runId: string
  readonly progress: ProgressListener
  readonly now: () => number
  readonly signal: AbortSignal
  readonly pollMs?: number
}

const stages: Partial<Record<RunState, StageName>> = {
  features: 'features',
  selection: 'selection',
  search: 'search',
  fit: 'fit',
  register: 'register',
}

/** Follows a run in the store, wherever it is conducted, and tells its progress until it ends. Throws RUN_NOT_FOUND. */
export async function watchRun(options: WatchRunOptions): Promise<RunView> {
  const { runs, runId, progress, now, signal, pollMs = 1000 } = options
  let stage: { readonly name: StageName; readonly since: number } | undefined
  let told = 0
  let wasDeserted = false
  progress({ kind: 'run', runId, resumed: false })
  for (;;) {
    const { view, trials } = await viewRun(await runs.get(runId), runs)
    const name = stages[view.state]
    if (stage && stage.name !== name) {
      progress({ kind: 'stage-end', stage: stage.name, ms: now() - stage.since, text: '' })
      stage = undefined
    }
    if (name && !stage) {
      stage = { name, since: now() }
      progress({ kind: 'stage-start', stage: name })
    }
    for (const { number, state, score } of trials.slice(told)) {
      progress({ kind: 'trial', number, trials: view.trials.of, state, score, best: view.best })
    }
    told = trials.length
    if (hasEnded(view)) return view
    const isDeserted = view.holder === null
    if (isDeserted && !wasDeserted) {
      progress({ kind: 'note', text: `nobody works on this run now; to go on: bullpen train --resume ${runId}` })
    }
    wasDeserted = isDeserted
    await sleep(pollMs, undefined, { signal }).catch(() => {
      throw signal.reason
    })
  }
}
