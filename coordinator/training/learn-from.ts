import type { TrialRecord } from '#core/registry'
import { gatherMatrix, type TrainingTable } from '#core/selection'
import type { StoredTable } from './features-stage.ts'
import { fitWinner, type FittedWinner } from './fit-stage.ts'
import type { LearningWindow } from './learning-window.ts'
import { searchTrials, type SearchOutcome } from './search-stage.ts'
import { selectColumns, selectionTasks, type SelectionOutcome } from './selection-stage.ts'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

/** A model and how it came about. */
export interface Learned {
  readonly selection: SelectionOutcome
  readonly search: SearchOutcome
  readonly winner: FittedWinner
}

/** Runs one stage of the procedure, of `tasks` tasks; `describe` says in one line what came out of it. */
export type StageRunner = <T>(
  stage: 'selection' | 'search' | 'fit',
  work: () => Promise<T>,
  describe: (result: T) => string,
  tasks: number,
) => Promise<T>

/**
 * The whole procedure that makes a model, over the rows of one window: columns are selected, parameters searched and
 * the winner fitted. The registered model and the model of each outer step come from here, so whatever is chosen or
 * fitted from data belongs in here: done anywhere else it would not be judged by the outer score.
 */
export async function learnFrom(
  window: LearningWindow,
  run: { readonly runId: string; readonly spec: TrainingSpec; readonly stored: StoredTable },
  services: TrainingServices,
  stage: StageRunner,
): Promise<Learned> {
  const { runId, spec, stored } = run
  const allColumns = stored.table.columns.length
  const selection = await stage(
    'selection',
    () => selectColumns(spec, stored, window, services),
    ({ choice }) => `${choice.columns.length} of ${allColumns} columns kept (${choice.case})`,
    selectionTasks(allColumns),
  )
  const { columns } = selection.choice
  const search = await stage(
    'search',
    () => searchTrials(spec, { runId, table: stored.sha256, columns, window }, services),
    ({ best }) => `best is trial ${best.number} with AUC ${best.score.toFixed(4)}${beside(best)}`,
    window.trials * window.folds.length,
  )
  const winner = await stage(
    'fit',
    () => fitWinner(spec, stored, columns, window, search.best, services),
    ({ forest }) => `${forest.trees} trees`,
    1,
  )
  return { selection, search, winner }
}

/** Tasks of {@link learnFrom} over a table of `columns` columns. */
export function learningTasks({ trials, folds }: LearningWindow, columns: number): number {
  return selectionTasks(columns) + trials * folds.length + 1
}

/** What a learned model answers for some rows of the table: row-major rows x 3 (sell, hold, buy). */
export function answersOf(
  { selection, winner }: Pick<Learned, 'selection' | 'winner'>,
  table: TrainingTable,
  rows: Uint32Array,
): Float64Array {
  return winner.forest.probabilities(gatherMatrix(table, selection.choice.columns, { rows }))
}

function beside(best: TrialRecord): string {
  const naive = best.metrics['naiveRocAucOvrWeighted']
  return naive === undefined ? '' : `, naive ${naive.toFixed(4)}`
}
