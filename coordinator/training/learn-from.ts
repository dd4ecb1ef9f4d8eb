import type { CandleSeries } from '#core/candles'
import { calibrated } from '#core/model'
import type { TrialRecord } from '#core/registry'
import { gatherMatrix, type TrainingTable } from '#core/selection'
import { calibrationTasks, chooseAnswering, type AnsweringChoice } from './calibrate-stage.ts'
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
  readonly answering: AnsweringChoice
  readonly winner: FittedWinner
}

/** The run that learns. */
export interface LearningRun {
  readonly runId: string
  readonly spec: TrainingSpec
  readonly stored: StoredTable
  readonly series: CandleSeries
}

/** Runs one stage of the procedure, of `tasks` tasks; `describe` says in one line what came out of it. */
export type StageRunner = <T>(
  stage: 'selection' | 'search' | 'calibrate' | 'fit',
  work: () => Promise<T>,
  describe: (result: T) => string,
  tasks: number,
) => Promise<T>

/**
 * The whole procedure that makes a model, over the rows of one window: columns are selected, parameters searched, the
 * answering (calibration and verdict policy) chosen and the winner fitted. The registered model and the model of each
 * outer step come from here, so whatever is chosen or fitted from data belongs in here: done anywhere else it would not
 * be judged by the outer score.
 */
export async function learnFrom(
  window: LearningWindow,
  run: LearningRun,
  services: TrainingServices,
  stage: StageRunner,
): Promise<Learned> {
  const { runId, spec, stored, series } = run
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
  const answering = await stage(
    'calibrate',
    () => chooseAnswering(spec, { stored, series, columns, window, best: search.best }, services),
    describeAnswering,
    calibrationTasks(spec, window),
  )
  const winner = await stage(
    'fit',
    () => fitWinner(spec, stored, columns, window, search.best, services),
    ({ forest }) => `${forest.trees} trees`,
    1,
  )
  return { selection, search, answering, winner }
}

/** Tasks of {@link learnFrom} over a table of `columns` columns. */
export function learningTasks(spec: TrainingSpec, window: LearningWindow, columns: number): number {
  return selectionTasks(columns) + window.trials * window.folds.length + calibrationTasks(spec, window) + 1
}

/** What a learned model answers for some rows of the table: row-major rows x 3 (sell, hold, buy). */
export function answersOf(
  { selection, answering, winner }: Pick<Learned, 'selection' | 'answering' | 'winner'>,
  table: TrainingTable,
  rows: Uint32Array,
): Float64Array {
  const raw = winner.forest.probabilities(gatherMatrix(table, selection.choice.columns, { rows }))
  return calibrated(answering.calibration, raw)
}

function describeAnswering({ judged }: AnsweringChoice): string {
  if (!judged) return 'probabilities as the trees give them, the most probable class'
  const { kind, policy, outOfFold } = judged
  const loss = `log loss ${outOfFold.before.logLoss.toFixed(4)} before, ${outOfFold.after.logLoss.toFixed(4)} after`
  return `${kind}, ${policy}: ${loss} out of fold; acts on ${outOfFold.buy.rows} buy and ${outOfFold.sell.rows} sell rows`
}

function beside(best: TrialRecord): string {
  const naive = best.metrics['naiveRocAucOvrWeighted']
  return naive === undefined ? '' : `, naive ${naive.toFixed(4)}`
}
