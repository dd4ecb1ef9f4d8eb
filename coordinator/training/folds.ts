import type { TrialRecord } from '#core/registry'
import {
  holdBack,
  requireClassesInFolds,
  splitter,
  type Fold,
  type RowPlan,
  type RowRange,
  type TrainingTable,
} from '#core/selection'
import type { Parameters } from '#core/trials'
import type { TrainingSpec } from './training-spec.ts'

/** A fold of the search; with early stopping the last training rows are held back to decide when a fit stops. */
export interface SearchFold extends Fold {
  readonly evaluationRows?: readonly RowRange[]
}

/** Share of a fold's training rows that early stopping holds back. */
const evaluationShare = 0.15

/** The folds of a run over its development rows. Throws ONE_CLASS for a fold that lacks a class. */
export function foldsOf({ splits, search }: TrainingSpec, table: TrainingTable, plan: RowPlan): SearchFold[] {
  const folds = splitter(splits.name, table, splits).split(table, plan.development)
  requireClassesInFolds(folds, table.target)
  if (search.earlyStopping === null) return folds
  const options = { share: evaluationShare, embargo: plan.embargo }
  return folds.map(({ trainRows, testRows }) => ({ testRows, ...holdBack(table, trainRows, options) }))
}

/** What the final model is fitted with: the best trial's parameters, for as many rounds as its folds kept on average. */
export function finalParameters(
  { search }: TrainingSpec,
  best: Pick<TrialRecord, 'parameters' | 'metrics'>,
): Parameters {
  if (search.earlyStopping === null) return best.parameters
  return { ...best.parameters, rounds: Math.max(1, Math.round(best.metrics['rounds']!)) }
}
