import type { ProgressEvent, StageName } from '../progress.ts'

/** One stage that has started. Times are ms on the display's clock. */
export interface StageView {
  readonly stage: StageName
  readonly startedAt: number
  /** Units finished and expected; `tasks` 0 when the stage did not say. */
  readonly done: number
  readonly tasks: number
  /** How many of `done` were found from an earlier run and so say nothing about speed. */
  readonly reused: number
  /** Null while it runs. */
  readonly ended: { readonly ms: number; readonly text: string } | null
}

/** What a person watching knows so far. */
export interface DisplayState {
  readonly startedAt: number
  readonly run: { readonly id: string; readonly resumed: boolean } | null
  readonly stages: readonly StageView[]
  readonly best: { readonly number: number; readonly score: number } | null
  readonly pruned: number
  readonly failed: number
}

export function initialState(now: number): DisplayState {
  return { startedAt: now, run: null, stages: [], best: null, pruned: 0, failed: 0 }
}

/** The state after an event seen at `now`. Notes leave no trace: they are lines, not state. */
export function reduce(state: DisplayState, event: ProgressEvent, now: number): DisplayState {
  switch (event.kind) {
    case 'run':
      return { ...state, run: { id: event.runId, resumed: event.resumed } }
    case 'note':
      return state
    case 'stage-start':
      return withStage(state, event.stage, now, (stage) => ({ ...stage, tasks: event.tasks ?? stage.tasks }))
    case 'stage-progress':
      // The search is told in trials; its tasks may be folds of trials, and counting both would count twice.
      if (event.stage === 'search') return state
      return withStage(state, event.stage, now, (stage) => ({ ...stage, done: event.done, tasks: event.tasks }))
    case 'stage-end':
      return withStage(state, event.stage, now, (stage) => ({ ...stage, ended: { ms: event.ms, text: event.text } }))
    case 'trial': {
      const counted = {
        ...state,
        best: event.best,
        pruned: state.pruned + (event.state === 'pruned' ? 1 : 0),
        failed: state.failed + (event.state === 'failed' ? 1 : 0),
      }
      return withStage(counted, 'search', now, (stage) => ({
        ...stage,
        done: stage.done + 1,
        tasks: event.trials,
        reused: stage.reused + (event.reused === true ? 1 : 0),
      }))
    }
  }
}

/**
 * Time left in a stage, from the pace of what this process finished itself: elapsed / finished * remaining, ms.
 * Null before anything was finished, when the stage counts nothing, and when it has ended.
 */
export function timeLeft(stage: StageView, now: number): number | null {
  const paced = stage.done - stage.reused
  if (stage.ended !== null || paced <= 0 || stage.tasks <= 0) return null
  return ((now - stage.startedAt) / paced) * Math.max(0, stage.tasks - stage.done)
}

function withStage(
  state: DisplayState,
  name: StageName,
  now: number,
  change: (stage: StageView) => StageView,
): DisplayState {
  const fresh: StageView = { stage: name, startedAt: now, done: 0, tasks: 0, reused: 0, ended: null }
  const known = state.stages.some((stage) => stage.stage === name)
  const stages = known ? state.stages : [...state.stages, fresh]
  return { ...state, stages: stages.map((stage) => (stage.stage === name ? change(stage) : stage)) }
}
