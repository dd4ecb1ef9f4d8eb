import type { Certificate, ModelManifest, TrialRecord } from '#core/registry'
import { scoreCard, type RowMetrics } from '#core/evaluation'
import { countRows, type RowPlan } from '#core/selection'
import { searchSpace } from '#core/trials'
import { gitCommit, packageVersion } from '../version.ts'
import { calibrationRecord, type AnsweringChoice } from './calibrate-stage.ts'
import type { StoredTable } from './features-stage.ts'
import { finalParameters, type HeldOutScore } from './fit-stage.ts'
import type { OuterEvaluation } from './outer-stage.ts'
import type { SearchCut, SearchOutcome } from './search-stage.ts'
import type { SelectionOutcome } from './selection-stage.ts'
import type { TrainingSpec } from './training-spec.ts'

/** What a manifest is made of. */
export interface ManifestParts {
  readonly runId: string
  readonly spec: TrainingSpec
  readonly stored: StoredTable
  readonly plan: RowPlan
  readonly selection: SelectionOutcome
  readonly search: SearchOutcome
  readonly answering: AnsweringChoice
  readonly heldOut: HeldOutScore
  readonly driftReference: NonNullable<ModelManifest['driftReference']>
  readonly outOfSample: OuterEvaluation | null
  readonly certificate: Certificate
}

/** The immutable record of the version but for its model object: enough to reproduce it and to judge it. */
export function manifestOf(parts: ManifestParts): Omit<ModelManifest, 'model'> {
  const { runId, spec, stored, plan, selection, search, answering, heldOut, outOfSample, certificate } = parts
  const { table } = stored
  const { calibration, policy } = answering
  const record = calibrationRecord(answering, table, heldOut)
  return {
    contract: {
      featureSet: spec.featureSet.name,
      featureSetHash: spec.featureSet.hash,
      columns: selection.choice.columns.map((column) => table.columns[column]!),
      policy,
      ...(calibration.kind === 'none' ? {} : { calibration }),
    },
    label: spec.label,
    data: dataOf(spec.candles),
    splits: {
      ...spec.splits,
      ...(spec.outer && { outer: spec.outer }),
      trainingTable: stored.sha256,
      embargo: plan.embargo,
      gapPolicy: spec.candles.gapPolicy,
      developmentRows: plan.development,
      heldOutRows: plan.heldOut,
      heldOutShare: spec.heldOut.share,
    },
    search: {
      ...spec.search,
      space: searchSpace(spec.search.space),
      selection: { ...spec.selection, case: selection.choice.case },
    },
    seed: spec.seed,
    parameters: finalParameters(spec, search.best),
    crossValidation: scoreCard(metricsOf(search.best), countRows(plan.development)),
    heldOut: heldOut.card,
    ...(outOfSample && { outOfSample: outOfSample.record }),
    ...(record && { calibration: record }),
    driftReference: parts.driftReference,
    certificate,
    engine: spec.engine,
    versions: { bullpen: packageVersion(), node: process.versions.node },
    gitCommit: gitCommit(),
    runId,
    notes: notesOf(spec, plan, search.cut),
  }
}

function dataOf(candles: TrainingSpec['candles']): ModelManifest['data'] {
  const { sha256, source, symbol, widthMs, rows, firstOpenTime, lastOpenTime, gaps } = candles
  return { sha256, source, symbol, widthMs, rows, firstOpenTime, lastOpenTime, gaps }
}

function metricsOf({ metrics }: TrialRecord): RowMetrics {
  const value = (name: keyof RowMetrics) => metrics[name]!
  return {
    rocAucOvrWeighted: value('rocAucOvrWeighted'),
    f1Weighted: value('f1Weighted'),
    logLoss: value('logLoss'),
    naiveRocAucOvrWeighted: value('naiveRocAucOvrWeighted'),
  }
}

function notesOf(spec: TrainingSpec, plan: RowPlan, cut: SearchCut | null): string[] {
  return [
    ...(cut
      ? [
          `The search was cut by the budget after ${cut.trials} of ${cut.of} trials: a run of the same settings without one tries the others as well.`,
        ]
      : []),
    `Held-out rows are the last ${countRows(plan.heldOut)} usable rows, ${plan.embargo} rows clear of any label the model learned from; the registered model is the one scored on them.`,
    'Columns were selected on development rows that the folds of the search test again, so the cross-validation score is optimistic; the held-out score is not touched by that.',
    'Moving averages look back without bound: purging and embargo separate labels, not feature windows.',
    ...labelNotes(spec),
    ...outerNotes(spec),
  ]
}

function labelNotes({ label: { name, parameters } }: TrainingSpec): string[] {
  if (name === 'swing') {
    return ['The swing label is measured on smoothed closes; the naive baseline C/P-1 ranks it with no skill.']
  }
  const { feeBps, slippageBps, weights } = parameters
  return [
    `The label is the side of a trade entered at the next open that gains after ${feeBps} bps of fees and ${slippageBps} bps of slippage on each side, or none; funding of shorts is not in it.`,
    ...(weights === 1
      ? [
          'Rows weigh by the uniqueness of their label, in fits and in scores; columns are ranked on rows that count alike.',
        ]
      : []),
  ]
}

function outerNotes({ outer }: TrainingSpec): string[] {
  if (!outer) return []
  return [
    `The out-of-sample score is that of ${outer.steps} models, each selected, searched (${outer.trials} trials) and fitted on rows before those it answered for: it judges the procedure, of which the registered model is one more result.`,
  ]
}
