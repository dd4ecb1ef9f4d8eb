import type { CandleSeries } from '#core/candles'
import { asBullpenError, toErrorData } from '#core/errors'
import { featureSet } from '#core/features'
import { AnsweringModel, newestVerdict, requireNewestSettled, type NewestVerdict } from '#core/model'
import type { RunState, TrialRecord } from '#core/registry'
import { planRows, type RowPlan } from '#core/selection'
import { calibrationTasks, chooseAnswering, type AnsweringChoice } from './calibrate-stage.ts'
import { makeTable, tableTasks, type StoredTable } from './features-stage.ts'
import { fitWinner, scoreHeldOut, type FittedWinner, type HeldOutScore } from './fit-stage.ts'
import { foldsOf } from './folds.ts'
import { manifestOf } from './manifest.ts'
import { register, type Registration } from './register-stage.ts'
import { searchTrials, type SearchOutcome } from './search-stage.ts'
import { selectColumns, selectionTasks, type SelectionOutcome } from './selection-stage.ts'
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
  readonly registration: Registration
  readonly newest: NewestVerdict
  readonly stages: readonly StageTiming[]
}

/**
 * One training run as a state machine. Each transition is stored before the stage starts:
 *
 *     created ─▶ features ─▶ selection ─▶ search ─▶ fit ─▶ register ─▶ done
 *        └───────────┴───────────┴──────────┴───────┴─────────┴──▶ failed | interrupted
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
    const plan = planRows(stored.table, { heldOutShare: spec.heldOut.share, folds: spec.splits.folds })
    const folds = foldsOf(spec, stored.table, plan)

    await this.enter('selection')
    const selection = await timer.run(
      'selection',
      () => selectColumns(spec, stored, plan, services),
      ({ choice }) => `${choice.columns.length} of ${stored.table.columns.length} columns kept (${choice.case})`,
      selectionTasks(stored.table.columns.length),
    )

    await this.enter('search')
    const { columns } = selection.choice
    const search = await timer.run(
      'search',
      () => searchTrials(spec, { runId: this.runId, table: stored.sha256, columns, folds }, services),
      ({ best }) => `best is trial ${best.number} with AUC ${best.score.toFixed(4)}${beside(best)}`,
      spec.search.trials * folds.length,
    )

    const answering = await timer.run(
      'calibrate',
      () => chooseAnswering(spec, { stored, series, columns, plan, folds, best: search.best }, services),
      describeAnswering,
      calibrationTasks(spec, folds.length),
    )

    await this.enter('fit')
    const winner = await timer.run(
      'fit',
      () => fitWinner(spec, stored, columns, plan, search.best, services),
      ({ forest }) => `${forest.trees} trees`,
      1,
    )
    const heldOut = await timer.run(
      'score',
      () => Promise.resolve(scoreHeldOut({ ...winner, ...answering }, stored.table, columns, plan)),
      ({ card }) =>
        `held-out AUC ${card.rocAucOvrWeighted.toFixed(4)} on ${card.rows} rows, naive ${card.naiveRocAucOvrWeighted.toFixed(4)}`,
    )

    await this.enter('register')
    const manifest = manifestOf({ runId: this.runId, spec, stored, plan, selection, search, answering, heldOut })
    const registration = await timer.run(
      'register',
      () => register(winner.json, manifest, { series, table: stored.table, plan }, services),
      ({ version, promotion }) =>
        `version ${version.version}, ${promotion.promoted ? 'champion' : 'not champion'}: ${promotion.text}`,
    )
    const newest = newestVerdict(series, new AnsweringModel(winner.forest, manifest.contract))
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
      registration,
      newest,
      stages,
    }
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
