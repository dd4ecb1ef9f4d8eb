import {
  requireClassesInFolds,
  splitter,
  holdBack,
  type Fold,
  type RowRange,
  type TrainingTable,
} from '#core/selection'
import type { TrainingSpec } from './training-spec.ts'

/** A fold of the search; with early stopping the last training rows are held back to decide when a fit stops. */
export interface SearchFold extends Fold {
  readonly evaluationRows?: readonly RowRange[]
}

/** The rows from which everything of one model is chosen and fitted, and nothing but these. */
export interface LearningWindow {
  /** The outer step whose model this is, or the examination of the certificate; null for the model that is registered. */
  readonly step: number | Examination | null
  readonly rows: readonly RowRange[]
  /** Whole rows between labels on either side of a border. */
  readonly embargo: number
  /** The folds of its search, cut from `rows`. */
  readonly folds: readonly SearchFold[]
  /** Trials of its search. */
  readonly trials: number
}

/** What the procedure is examined with for its certificate. */
export type Examination = 'planted-answer' | 'shuffled-labels'

/** Share of a fold's training rows that early stopping holds back. */
const evaluationShare = 0.15

/** A window over `rows` with its folds. Throws ONE_CLASS for a fold that lacks a class, so that it costs no fit. */
export function learningWindow(
  { splits, search }: TrainingSpec,
  table: TrainingTable,
  window: Omit<LearningWindow, 'folds'>,
): LearningWindow {
  const { rows, embargo } = window
  const folds = splitter(splits.name, table, splits).split(table, rows)
  requireClassesInFolds(folds, table.target)
  if (search.earlyStopping === null) return { ...window, folds }
  const options = { share: evaluationShare, embargo }
  return {
    ...window,
    folds: folds.map(({ trainRows, testRows }) => ({ testRows, ...holdBack(table, trainRows, options) })),
  }
}

/** The key of a task of this window within the run, e.g. `search/trial-7/fold-1` or `outer-2/search/trial-7/fold-1`. */
export function taskKey({ step }: Pick<LearningWindow, 'step'>, key: string): string {
  if (step === null) return key
  return typeof step === 'number' ? `outer-${step}/${key}` : `certificate/${step}/${key}`
}
