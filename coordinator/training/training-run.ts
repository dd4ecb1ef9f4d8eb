import type { CandleSeries } from '#core/candles'
import { asBullpenError, toErrorData } from '#core/errors'
import { featureSet } from '#core/features'
import { AnsweringModel, newestVerdict, requireNewestSettled, type NewestVerdict } from '#core/model'
import { labeler, labelStatistics, type LabelStatistics } from '#core/labels'
import type { RunState } from '#core/registry'
import { defaultEmbargo, planRows, splitter, type RowPlan } from '#core/selection'
import type { AnsweringChoice } from './calibrate-stage.ts'
import { driftReferenceOf, storeDriftReference } from './drift-stage.ts'
import { certificateTasks, certify } from './certify-stage.ts'
import { makeTable, tableTasks, type StoredTable } from './features-stage.ts'
import { scoreHeldOut, type FittedWinner, type HeldOutScore } from './fit-stage.ts'
import { learnFrom, type LearningRun, type StageRunner } from './learn-from.ts'
import { learningWindow } from './learning-window.ts'
import { manifestOf } from './manifest.ts'
import {
  evaluateOuterSteps,
  outerSplitter,
  outerSteps,
  outerTasks,
  type OuterEvaluation,
  type OuterStep,
} from './outer-stage.ts'
import { register, type Registration } from './register-stage.ts'
import type { SearchOutcome } from './search-stage.ts'
import type { SelectionOutcome } from './selection-stage.ts'
import { StageTimer, type StageTiming } from './stage-timer.ts'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

/** Everything a finished run knows, for the report and the outcome document. */
export interface TrainingResult {
  readonly runId: string
  readonly spec: TrainingSpec
  readonly series: CandleSeries
  readonly stored: StoredTable
  readonly plan: RowPlan
  readonly selection: SelectionOutcome
  readonly search: SearchOutcome
  readonly answering: AnsweringChoice
  readonly winner: FittedWinner
  readonly heldOut: HeldOutScore
  /** Null when the run has no outer steps. */
  readonly outOfSample: OuterEvaluation | null
  readonly registration: Registration
  readonly newest: NewestVerdict
  readonly labels: LabelStatistics
  readonly stages: readonly StageTiming[]
}

/**
 * One training run as a state machine. Each transition is stored before the stage starts:
 *
 *     created ─▶ features ─▶ selection ─▶ search ─▶ fit ─▶ register ─▶ done
 *        └───────────┴───────────┴──────────┴───────┴─────────┴──▶ failed | interrupted
 *
 * Outer steps, when the spec asks for them, come first in `selection`.
 *
 * A run that ended early, or whose process died, is run again from the top with the same spec: tasks whose results are
 * stored are answered from the store, so only what was in flight is repeated (docs/decisions/0002).
 */
export class TrainingRun {
  private readonly runId: string
  private readonly spec: TrainingSpec
  private readonly services: TrainingServices
  private readonly timer: StageTimer

  constructor(runId: string, spec: TrainingSpec, services: TrainingServices) {
    this.runId = runId
    this.spec = spec
    this.services = services
    this.timer = new StageTimer(services.progress, services.now, services.tasks)
  }

  /** Runs every stage. On the way out with an error the run is marked `interrupted` or `failed`. */
  async run(series: CandleSeries): Promise<TrainingResult> {
    try {
      return await this.stages(series)
    } catch (thrown) {
      await this.markEnded(thrown)
      throw thrown
    }
  }

  private async stages(series: CandleSeries): Promise<TrainingResult> {
    const { spec, services, timer } = this
    requireNewestSettled(series, featureSet(spec.featureSet.name))
    await this.enter('features')
    const stored = await timer.run(
      'features',
      () => makeTable(spec, this.runId, series, services),
      ({ table }) => `${table.rows} rows x ${table.columns.length} columns`,
      tableTasks(series),
    )
    const outer = outerSplitter(spec, defaultEmbargo(stored.table))
    const plan = planRows(stored.table, {
      heldOutShare: spec.heldOut.share,
      splits: splitter(spec.splits.name, stored.table, spec.splits),
      ...(outer && { outer }),
    })
    const steps = outerSteps(spec, stored.table, plan)
    const { trials } = spec.search
    const window = learningWindow(spec, stored.table, {
      step: null,
      rows: plan.development,
      embargo: plan.embargo,
      trials,
    })
    const { runId } = this
    const run = { runId, spec, stored, series }
    const outOfSample = await this.outerScore(steps, run)
    const stage: StageRunner = async (name, work, describe, tasks) => {
      // To the store calibrating is the end of the search: it is nothing a run could be resumed into.
      if (name !== 'calibrate') await this.enter(name)
      return timer.run(name, work, describe, tasks)
    }
    const { selection, search, answering, winner } = await learnFrom(window, run, services, stage)
    const heldOut = await timer.run(
      'score',
      () => Promise.resolve(scoreHeldOut({ ...winner, ...answering }, stored.table, selection.choice.columns, plan)),
      ({ card }) =>
        `held-out AUC ${card.rocAucOvrWeighted.toFixed(4)} on ${card.rows} rows, naive ${card.naiveRocAucOvrWeighted.toFixed(4)}`,
    )

    const certificate = await timer.run(
      'certify',
      () => {
        const made = { runId, spec, series, stored, plan, window, steps, model: winner.json, best: search.best }
        return certify({ ...made, heldOut: heldOut.card }, services)
      },
      ({ statement: { checks } }) =>
        `${checks.filter(({ passed }) => passed).length} of ${checks.length} checks passed`,
      certificateTasks(stored.table.columns.length),
    )

    await this.enter('register')
    const watched = { table: stored.table, series, columns: selection.choice.columns, plan, answering, heldOut }
    const driftReference = await storeDriftReference(driftReferenceOf(spec, watched), services.objects)
    const chosen = { selection, search, answering }
    const judged = { heldOut, outOfSample, certificate, driftReference }
    const manifest = manifestOf({ runId, spec, stored, plan, ...chosen, ...judged })
    const model = new AnsweringModel(winner.forest, manifest.contract)
    // Fewer than were asked for when a budget cut the search: only what was tried can have been lucky.
    const tried = search.trials.length
    const registration = await timer.run(
      'register',
      () => register(winner.json, { manifest, model, series, table: stored.table, plan, trials: tried }, services),
      ({ version, decision }) =>
        `version ${version.version}, ${decision.promoted ? 'champion' : 'not champion'}: ${decision.text}`,
    )
    const newest = newestVerdict(series, model)
    const stages = timer.timings
    return {
      runId: this.runId,
      spec,
      series,
      stored,
      plan,
      selection,
      search,
      answering,
      winner,
      heldOut,
      outOfSample,
      registration,
      newest,
      labels: statisticsOf(spec.label, series),
      stages,
    }
  }

  /** Judges the procedure by its outer steps, before the model that is registered is made. */
  private async outerScore(steps: readonly OuterStep[], run: LearningRun): Promise<OuterEvaluation | null> {
    if (steps.length === 0) return null
    await this.enter('selection')
    return this.timer.run(
      'outer',
      () => evaluateOuterSteps(steps, run, this.services),
      ({ record: { score } }) =>
        `out-of-sample AUC ${score.rocAucOvrWeighted.toFixed(4)} on ${score.rows} rows of ${steps.length} steps, naive ${score.naiveRocAucOvrWeighted.toFixed(4)}`,
      outerTasks(run.spec, steps, run.stored.table.columns.length),
    )
  }

  private enter(state: RunState): Promise<void> {
    return this.services.runs.transition(this.runId, state)
  }

  private async markEnded(thrown: unknown): Promise<void> {
    const error = toErrorData(asBullpenError(thrown))
    const state = error.code === 'INTERRUPTED' ? 'interrupted' : 'failed'
    // When the database itself is what failed, the run stays in its last stage, which resuming accepts as well.
    await this.services.runs.transition(this.runId, state, { error }).catch(() => undefined)
  }
}

/** Every labeler there is takes numbers only. */
function statisticsOf({ name, parameters }: TrainingSpec['label'], series: CandleSeries): LabelStatistics {
  return labelStatistics(labeler(name, parameters as Readonly<Record<string, number>>).label(series))
}
