import { asBullpenError, type BullpenError } from '#core/errors'
import { meanMetrics } from '#core/evaluation'
import type { TaskResult } from '#core/protocol'
import type { TrialRecord } from '#core/registry'
import {
  pruner,
  runningMean,
  sampler,
  searchSpace,
  toBoosterParameters,
  type FinishedTrial,
  type Parameters,
  type Pruner,
} from '#core/trials'
import type { TaskClient } from '../tasks/index.ts'
import { taskKey, type LearningWindow } from './learning-window.ts'
import type { TrainingSpec } from './training-spec.ts'

/** What trials are judged on. `columns` are positions in the table. */
export interface TrialInput {
  readonly runId: string
  readonly table: string
  readonly columns: readonly number[]
  readonly window: Pick<LearningWindow, 'step' | 'folds' | 'trials'>
}

type FoldResult = TaskResult<'fold'>

/** Proposes and runs single trials of one search. */
export class TrialRunner {
  /** Why trials failed, by their number, in the order in which they did. */
  readonly failures = new Map<number, BullpenError>()
  private readonly spec: TrainingSpec
  private readonly input: TrialInput
  private readonly tasks: TaskClient
  private readonly pruner: Pruner

  constructor(spec: TrainingSpec, input: TrialInput, tasks: TaskClient) {
    this.spec = spec
    this.input = input
    this.tasks = tasks
    this.pruner = pruner(spec.search.pruner)
  }

  /** Runs trial `number`, which may learn from `visible`. A fold that fails makes a failed trial, not a failed run. */
  async run(number: number, visible: readonly FinishedTrial[]): Promise<FinishedTrial & TrialRecord> {
    const { search, seed } = this.spec
    const parameters = sampler(search.sampler).suggest(number, visible, searchSpace(search.space), seed)
    try {
      const folds = await this.runFolds(number, parameters, visible)
      const state = folds.length === this.input.window.folds.length ? 'complete' : 'pruned'
      return trialOf(number, state, parameters, folds)
    } catch (thrown) {
      const error = asBullpenError(thrown)
      if (!this.tasks.failed().some((failure) => failure.error === error)) throw error
      this.failures.set(number, error)
      return trialOf(number, 'failed', parameters, [])
    }
  }

  /** All folds at once when nothing can stop the trial, otherwise one after another as long as it holds up. */
  private async runFolds(
    number: number,
    parameters: Parameters,
    visible: readonly FinishedTrial[],
  ): Promise<FoldResult[]> {
    const { folds } = this.input.window
    const thresholds = folds.map((_, fold) => (fold === 0 ? null : this.pruner.threshold(visible, fold)))
    if (thresholds.every((threshold) => threshold === null)) {
      return Promise.all(folds.map((_, fold) => this.runFold(number, fold, parameters)))
    }
    const results: FoldResult[] = []
    for (let fold = 0; fold < folds.length; fold++) {
      const threshold = thresholds[fold]!
      const scores = results.map(({ metrics }) => metrics.rocAucOvrWeighted)
      if (threshold !== null && runningMean(scores, fold) < threshold) break
      results.push(await this.runFold(number, fold, parameters))
    }
    return results
  }

  private runFold(number: number, fold: number, parameters: Parameters): Promise<FoldResult> {
    const { table, columns, window } = this.input
    const { trainRows, testRows, evaluationRows } = window.folds[fold]!
    const patience = this.spec.search.earlyStopping
    return this.tasks.run(
      'fold',
      taskKey(window, `search/trial-${number}/fold-${fold}`),
      {
        table,
        columns: [...columns],
        trainRows: [...trainRows],
        testRows: [...testRows],
        parameters: toBoosterParameters(parameters, { seed: this.spec.seed }),
        engine: this.spec.engine,
        ...(evaluationRows && patience !== null
          ? { earlyStopping: { evaluationRows: [...evaluationRows], patience } }
          : {}),
      },
      // Earlier trials first: later ones wait for them.
      { priority: -number },
    )
  }
}

function trialOf(
  number: number,
  state: TrialRecord['state'],
  parameters: Parameters,
  results: readonly FoldResult[],
): FinishedTrial & TrialRecord {
  const foldScores = results.map(({ metrics }) => metrics.rocAucOvrWeighted)
  const meanRounds = results.reduce((sum, { rounds }) => sum + rounds, 0) / results.length
  return {
    number,
    state,
    parameters,
    score: results.length === 0 ? null : runningMean(foldScores, foldScores.length),
    foldScores,
    metrics: results.length === 0 ? {} : { ...meanMetrics(results.map(({ metrics }) => metrics)), rounds: meanRounds },
    folds: results.map(({ metrics }, fold) => ({ fold, metrics: { ...metrics } })),
    durationMs: results.reduce((sum, { fitMs }) => sum + fitMs, 0),
  }
}
