import { scoreCard, scoreRows } from '#core/evaluation'
import { calibrated, Forest, type Calibration } from '#core/model'
import type { ScoreCard, TrialRecord } from '#core/registry'
import { gatherMatrix, rowsIn, valuesAt, type RowPlan, type TrainingTable } from '#core/selection'
import { toBoosterParameters, type Parameters } from '#core/trials'
import type { StoredTable } from './features-stage.ts'
import { taskKey, type LearningWindow } from './learning-window.ts'
import type { SearchOutcome } from './search-stage.ts'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

/** The fitted winner, ready to be scored and registered. */
export interface FittedWinner {
  /** XGBoost JSON, as stored. */
  readonly json: Uint8Array
  readonly forest: Forest
}

/** A model's answers on the held-out tail, and what they are worth. */
export interface HeldOutScore {
  readonly card: ScoreCard
  readonly rowIndexes: Int32Array
  /** As answered, row-major rows x 3: sell, hold, buy. */
  readonly probabilities: Float64Array
  /** What the trees said before calibration; the same array when there is none. */
  readonly raw: Float64Array
}

/** Fits the best trial's parameters on all rows of the window. */
export async function fitWinner(
  spec: TrainingSpec,
  stored: StoredTable,
  columns: readonly number[],
  window: LearningWindow,
  best: SearchOutcome['best'],
  { tasks, objects }: TrainingServices,
): Promise<FittedWinner> {
  const { model } = await tasks.run('fit', taskKey(window, 'fit'), {
    table: stored.sha256,
    columns: [...columns],
    question: 'verdict',
    trainRows: [...window.rows],
    parameters: toBoosterParameters(finalParameters(spec, best), { seed: spec.seed }),
    engine: spec.engine,
  })
  const json = await objects.get(model)
  return { json, forest: Forest.fromXgboostJson(new TextDecoder().decode(json)) }
}

/** What the final model is fitted with: the best trial's parameters, for as many rounds as its folds kept on average. */
export function finalParameters(
  { search }: TrainingSpec,
  best: Pick<TrialRecord, 'parameters' | 'metrics'>,
): Parameters {
  if (search.earlyStopping === null) return best.parameters
  return { ...best.parameters, rounds: Math.max(1, Math.round(best.metrics['rounds']!)) }
}

/**
 * Scores a model that reads `columns` (positions in the table) on the held-out tail, beside the naive baseline: by the
 * probabilities it answers with.
 */
export function scoreHeldOut(
  { forest, calibration }: { readonly forest: Forest; readonly calibration: Calibration },
  table: TrainingTable,
  columns: readonly number[],
  plan: RowPlan,
): HeldOutScore {
  const rows = rowsIn(plan.heldOut)
  const raw = forest.probabilities(gatherMatrix(table, columns, { rows }))
  const probabilities = calibrated(calibration, raw)
  const scored = {
    probabilities,
    target: valuesAt(table.target, rows),
    naive: valuesAt(table.naive, rows),
    weight: valuesAt(table.weight, rows),
  }
  const metrics = scoreRows(scored, 'the held-out tail')
  return { card: scoreCard(metrics, rows.length), rowIndexes: Int32Array.from(rows), probabilities, raw }
}
