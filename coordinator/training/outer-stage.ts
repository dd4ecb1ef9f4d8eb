import { encodeOutOfSample, predictedTargets, scoreCard, scoreRows, type OutOfSample } from '#core/evaluation'
import type { OutOfSampleRecord } from '#core/registry'
import {
  countRows,
  requireClassesInFolds,
  rowsIn,
  valuesAt,
  walkForward,
  type RowPlan,
  type RowRange,
  type Splitter,
  type TrainingTable,
} from '#core/selection'
import { answersOf, learnFrom, learningTasks, type LearningRun, type StageRunner } from './learn-from.ts'
import { learningWindow, type LearningWindow } from './learning-window.ts'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

/** One outer step: a model is made from the window alone, then answers for the test rows, all of them later. */
export interface OuterStep {
  readonly window: LearningWindow
  readonly testRows: readonly RowRange[]
}

/** What the procedure is worth: predictions for rows that nothing of it had seen, and their scores. */
export interface OuterEvaluation {
  readonly record: OutOfSampleRecord
  readonly predictions: OutOfSample
}

/** How a run's outer steps cut its development rows; undefined when it has none. */
export function outerSplitter({ outer }: TrainingSpec, embargo: number): Splitter | undefined {
  return outer && walkForward(outer.window, outer.steps, embargo)
}

/** The outer steps of a run, none unless its spec asks. Throws ONE_CLASS for a step or a fold of it that lacks a class. */
export function outerSteps(spec: TrainingSpec, table: TrainingTable, plan: RowPlan): OuterStep[] {
  const splits = outerSplitter(spec, plan.embargo)
  if (!splits) return []
  const folds = splits.split(table, plan.development)
  requireClassesInFolds(folds, table.target)
  return folds.map(({ trainRows, testRows }, step) => {
    const { trials } = spec.outer!
    return { window: learningWindow(spec, table, { step, rows: trainRows, embargo: plan.embargo, trials }), testRows }
  })
}

/** Tasks of {@link evaluateOuterSteps} over a table of `columns` columns. */
export function outerTasks(spec: TrainingSpec, steps: readonly OuterStep[], columns: number): number {
  return steps.reduce((sum, { window }) => sum + learningTasks(spec, window, columns), 0)
}

/**
 * Nested evaluation: for each step the whole procedure on its window, all steps at once so that no thread idles, then
 * the predictions as an object. Nothing found here goes into the registered model.
 */
export async function evaluateOuterSteps(
  steps: readonly OuterStep[],
  run: LearningRun,
  services: TrainingServices,
): Promise<OuterEvaluation> {
  const { table } = run.stored
  const withoutStages: StageRunner = (_, work) => work()
  const learning = steps.map(({ window }) => learnFrom(window, run, services, withoutStages))
  // On the way out with an error the others are still heard, so that none of them rejects unseen.
  await Promise.allSettled(learning)
  const learned = await Promise.all(learning)
  const answers = steps.map(({ testRows }, step): StepAnswers => {
    const probabilities = answersOf(learned[step]!, table, rowsIn(testRows))
    return { probabilities, verdict: predictedTargets(probabilities, learned[step]!.answering.policy) }
  })
  const predictions = predictionsOf(steps, answers, table)
  const sha256 = await services.objects.put(encodeOutOfSample(predictions))
  await services.runs.recordDataSet(run.runId, {
    kind: 'out-of-sample',
    sha256,
    rows: predictions.rows,
    columns: table.columns.length,
  })
  const record = {
    predictions: sha256,
    window: run.spec.outer!.window,
    score: scoreCard(scoreRows(predictions, 'the outer steps'), predictions.rows),
    steps: steps.map((step, i) => stepRecord(step, i, predictionsOf([step], [answers[i]!], table))),
  }
  return { record, predictions }
}

type StepAnswers = Pick<OutOfSample, 'probabilities' | 'verdict'>

function predictionsOf(
  steps: readonly OuterStep[],
  answers: readonly StepAnswers[],
  table: TrainingTable,
): OutOfSample {
  const tested = steps.map(({ testRows }) => Array.from(rowsIn(testRows)))
  const rows = Uint32Array.from(tested.flat())
  return {
    rows: rows.length,
    steps: steps.length,
    rowIndexes: Int32Array.from(rows),
    openTime: valuesAt(table.openTime, rows),
    probabilities: Float64Array.from(answers.flatMap(({ probabilities }) => Array.from(probabilities))),
    verdict: Int8Array.from(answers.flatMap(({ verdict }) => Array.from(verdict))),
    target: valuesAt(table.target, rows),
    reach: Int32Array.from(rows, (row) => table.reach[row]!),
    weight: valuesAt(table.weight, rows),
    naive: valuesAt(table.naive, rows),
    step: Int32Array.from(tested.flatMap((part, step) => part.map(() => step))),
  }
}

function stepRecord({ window }: OuterStep, step: number, own: OutOfSample): OutOfSampleRecord['steps'][number] {
  return {
    step,
    trainRows: countRows(window.rows),
    firstOpenTime: own.openTime[0]!,
    lastOpenTime: own.openTime.at(-1)!,
    score: scoreCard(scoreRows(own, `outer step ${step}`), own.rows),
  }
}
