import { sliceSeries, type CandleSeries } from '#core/candles'
import { computeFeatures, featureSet } from '#core/features'
import { sha256 } from '#core/hashing'
import { labeler } from '#core/labels'
import {
  checkCausality,
  checkFolds,
  checkLabelReach,
  checkOracle,
  checkRows,
  checkShuffled,
  checkTable,
  latestRows,
  oracleColumn,
  withOracle,
  withShuffledLabels,
  type Judged,
} from '#core/leakage'
import { signCertificate, type Certificate, type LeakCheck, type ScoreCard, type TrialRecord } from '#core/registry'
import {
  encodeTrainingTable,
  gatherMatrix,
  planRows,
  rowsIn,
  splitter,
  valuesAt,
  type RowPlan,
  type TrainingTable,
} from '#core/selection'
import type { StoredTable } from './features-stage.ts'
import { fitWinner } from './fit-stage.ts'
import type { OuterStep } from './outer-stage.ts'
import type { Examination, LearningWindow } from './learning-window.ts'
import { selectColumns, selectionTasks } from './selection-stage.ts'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

/** What is certified. */
export interface Certifiable {
  readonly runId: string
  readonly spec: TrainingSpec
  readonly series: CandleSeries
  readonly stored: StoredTable
  readonly plan: RowPlan
  readonly window: LearningWindow
  readonly steps: readonly OuterStep[]
  /** The winner's JSON, as it will be stored. */
  readonly model: Uint8Array
  readonly best: TrialRecord & { readonly score: number }
  readonly heldOut: ScoreCard
}

/** Candles on which features and labels are examined: what leaks there leaks everywhere. */
const examinedCandles = 3000

/** Rows the procedure is examined on, the latest: a planted answer needs no more, and the table is stored twice. */
const examinedRows = 4_000

/** What an examination spends on selection and fit: a planted answer shows at once, and so does a leak of all labels. */
const examinedRounds = 20
const examinedRepeats = 1

/**
 * Examines everything the model came out of for leaks of the future, and signs what was found. Passing or not: whoever
 * registers refuses a model whose certificate does not pass.
 */
export async function certify(made: Certifiable, services: TrainingServices): Promise<Certificate> {
  const { runId, spec, stored, model } = made
  const checks = [
    ...examineData(made),
    ...(await Promise.all([examine('shuffled-labels', made, services), examine('planted-answer', made, services)])),
    liftOf(made.heldOut),
  ]
  const statement = {
    format: 1,
    runId,
    modelSha256: sha256(model),
    candlesSha256: spec.candles.sha256,
    trainingTableSha256: stored.sha256,
    featureSetHash: spec.featureSet.hash,
    checks,
    passed: checks.every(({ passed }) => passed),
    issuedAt: new Date(services.now()).toISOString(),
  } as const
  return signCertificate(statement, await services.signingKey())
}

/** Tasks of {@link certify} over a table of `columns` columns. */
export function certificateTasks(columns: number): number {
  return selectionTasks(columns) + 1 + selectionTasks(columns + 1) + 1
}

/** Features, labels and folds: nothing is fitted for these. */
function examineData(made: Certifiable): LeakCheck[] {
  const { spec, series, stored, plan, window } = made
  const { table } = stored
  const { seed } = spec
  const set = featureSet(spec.featureSet.name)
  const early = sliceSeries(series, 0, Math.min(series.rows, examinedCandles))
  const computed = computeFeatures(early, set)
  const labels = labeler(spec.label.name, spec.label.parameters as Record<string, number>)
  const heldOut = { trainRows: plan.development, testRows: plan.heldOut }
  const folds = [...window.folds, heldOut]
  return [
    checkCausality(early, (candles) => computeFeatures(candles, set), { seed, whole: computed }),
    checkTable(table, computed),
    checkLabelReach(early, (candles) => labels.label(candles), { seed }),
    checkFolds(table, folds, { embargo: plan.embargo, testsOfARow: testsOfARow(spec) }),
    ...checkOuterSteps(made),
    checkRows(table, [heldOut]),
  ]
}

/** What is called out of sample: the steps themselves, and the folds of the search inside each. */
function checkOuterSteps({ steps, stored: { table }, plan: { embargo } }: Certifiable): LeakCheck[] {
  if (steps.length === 0) return []
  const outer = steps.map(({ window, testRows }) => ({ trainRows: window.rows, testRows }))
  const inner = steps.flatMap(({ window }) => window.folds)
  return [
    checkFolds(table, outer, { name: 'outer-steps-clear', embargo }),
    // A row may be in the windows of several steps, and is tested inside each.
    checkFolds(table, inner, { name: 'outer-folds-clear', embargo, testsOfARow: Infinity }),
  ]
}

/** Combinatorial splits test a row on purpose in many folds. */
function testsOfARow({ splits }: TrainingSpec): number {
  return splits.name === 'combinatorial-purged' ? Infinity : 1
}

/**
 * The procedure over a planted table: columns are selected and the best trial's parameters fitted on its development
 * rows, and its held-out rows judged. A search would be as many fits more and could see nothing that a fit cannot.
 */
async function examine(examination: Examination, made: Certifiable, services: TrainingServices): Promise<LeakCheck> {
  const { stored, best } = made
  const spec = withLittleEffort(made.spec)
  const planted = plantedTable(examination, latestRows(stored.table, examinedRows), spec.seed)
  const table = { table: planted, sha256: await services.objects.put(encodeTrainingTable(planted)) }
  // No search is made here, so the rows need bear no more than the fewest folds.
  const splits = splitter('purged', planted, { folds: 2 })
  const plan = planRows(planted, { heldOutShare: spec.heldOut.share, splits })
  const window = { step: examination, rows: plan.development, embargo: plan.embargo, folds: [], trials: 0 }
  const { choice } = await selectColumns(spec, table, window, services)
  const { rounds } = best.parameters
  const short = { ...best, parameters: { ...best.parameters, rounds: Math.min(Number(rounds), examinedRounds) } }
  const { forest } = await fitWinner(spec, table, choice.columns, window, short, services)
  const rows = rowsIn(plan.heldOut)
  const judged: Judged = {
    probabilities: forest.probabilities(gatherMatrix(planted, choice.columns, { rows })),
    target: valuesAt(planted.target, rows),
  }
  if (examination === 'shuffled-labels') return checkShuffled(judged, { seed: spec.seed })
  return checkOracle(judged, choice.columns.includes(planted.columns.indexOf(oracleColumn)))
}

function withLittleEffort(spec: TrainingSpec): TrainingSpec {
  const { parameters } = spec.selection
  const rounds = Math.min(parameters.rounds, examinedRounds)
  return { ...spec, selection: { repeats: examinedRepeats, parameters: { ...parameters, rounds } } }
}

function plantedTable(examination: Examination, table: TrainingTable, seed: number): TrainingTable {
  return examination === 'shuffled-labels' ? withShuffledLabels(table, seed) : withOracle(table, seed)
}

/** Never fails: a model without lift leaks nothing. Whether it is worth anything is for the gate to say. */
function liftOf({ lift, rows, rocAucOvrWeighted: score, naiveRocAucOvrWeighted: naive }: ScoreCard): LeakCheck {
  const better = lift > 0 ? 'above' : 'not above'
  return {
    name: 'naive-lift',
    passed: true,
    summary: `${score.toFixed(4)} on ${rows} held-out rows is ${better} the ${naive.toFixed(4)} of one number without skill`,
    figures: { rows, score, naive, lift },
  }
}
