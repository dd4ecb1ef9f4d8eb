import { seriesFromColumns, seriesToColumns, type CandleSeries } from '#core/candles'
import { decodeColumns, encodeColumns } from '#core/columnar'
import { BullpenError } from '#core/errors'
import { featureSet } from '#core/features'
import { labeler } from '#core/labels'
import type { EngineRef } from '#core/protocol'
import type { ObjectStore, Run, RunStore } from '#core/registry'
import { splitter } from '#core/selection'
import { defaultVisibility, pruner, sampler, searchSpace } from '#core/trials'
import { newRunId } from './run-id.ts'
import { splitsOf } from './split-choices.ts'
import { selectionParameters, type TrainingChoices, type TrainingSpec } from './training-spec.ts'

/** A run that exists in the store, with the candles it trains on. */
export interface OpenedRun {
  readonly runId: string
  readonly spec: TrainingSpec
  readonly series: CandleSeries
}

/** Where a new run's candles came from. */
export interface CandleOrigin {
  readonly source: string
  readonly gapPolicy: string
}

/** Share of usable rows held out: 15 %, about a year of the reference's four. */
const heldOutShare = 0.15

/** Shuffles per column, as the reference (baseline-training.md section 2, step 3). */
const importanceRepeats = 10

/** Throws UNKNOWN_NAME for the first choice that names nothing; nothing has been read or written then. */
export function checkChoices(choices: TrainingChoices): void {
  featureSet(choices.featureSet)
  labeler(choices.label, choices.labelParam)
  const { splits } = splitsOf(choices)
  splitter(splits.name, { maxReach: 0, warmup: 0 }, splits)
  searchSpace(choices.space)
  sampler(choices.sampler)
  pruner(choices.pruner)
}

/** Stores the candles and says what a run over them is decided by. Throws ENGINE_WITHOUT_WEIGHTS before either. */
export async function specOf(
  series: CandleSeries,
  origin: CandleOrigin,
  choices: TrainingChoices,
  engine: EngineRef,
  objects: Pick<ObjectStore, 'put'>,
): Promise<TrainingSpec> {
  const { name, parameters, weighs } = labeler(choices.label, choices.labelParam)
  if (weighs && engine.name === 'wasm') throw new BullpenError('ENGINE_WITHOUT_WEIGHTS', { label: name })
  const set = featureSet(choices.featureSet)
  return {
    candles: {
      ...origin,
      sha256: await objects.put(encodeColumns(seriesToColumns(series))),
      symbol: series.symbol,
      widthMs: series.widthMs,
      rows: series.rows,
      firstOpenTime: series.openTime[0]!,
      lastOpenTime: series.openTime.at(-1)!,
      gaps: series.gaps.length,
    },
    featureSet: { name: set.name, hash: set.hash },
    label: { name, parameters },
    heldOut: { share: heldOutShare },
    selection: { repeats: importanceRepeats, parameters: selectionParameters(choices.seed) },
    ...splitsOf(choices),
    search: {
      space: choices.space,
      sampler: choices.sampler,
      pruner: choices.pruner,
      trials: choices.trials,
      earlyStopping: choices.earlyStopping ?? null,
      visibility: defaultVisibility,
    },
    calibration: {
      kind: choices.calibration,
      policy: choices.policy,
      coverage: choices.coverage,
      feeBps: choices.feeBps,
    },
    engine,
    seed: choices.seed,
  }
}

/** Stores the candles and the run, in that order. Throws as {@link specOf}. */
export async function createRun(
  series: CandleSeries,
  origin: CandleOrigin,
  choices: TrainingChoices,
  engine: EngineRef,
  { runs, objects, now }: { runs: Pick<RunStore, 'create' | 'recordDataSet'>; objects: ObjectStore; now: () => number },
): Promise<OpenedRun> {
  const spec = await specOf(series, origin, choices, engine, objects)
  const runId = newRunId(now())
  await storeRun(runId, spec, runs)
  return { runId, spec, series }
}

/** Throws RUN_EXISTS. */
export async function storeRun(
  runId: string,
  spec: TrainingSpec,
  runs: Pick<RunStore, 'create' | 'recordDataSet'>,
): Promise<void> {
  const { sha256, rows } = spec.candles
  await runs.create(runId, { ...spec })
  await runs.recordDataSet(runId, { kind: 'candles', sha256, rows, columns: 6 })
}

/** A run to go on with: its spec as stored, its candles from the object store. Throws RUN_NOT_FOUND, RUN_FINISHED. */
export async function reopenRun(runId: string, runs: Pick<RunStore, 'get'>, objects: ObjectStore): Promise<OpenedRun> {
  const run: Run = await requireUnfinished(runId, runs)
  const spec = run.spec as unknown as TrainingSpec
  return { runId, spec, series: seriesFromColumns(decodeColumns(await objects.get(spec.candles.sha256))) }
}

/** The run, unless it is done. Throws RUN_NOT_FOUND, RUN_FINISHED. */
export async function requireUnfinished(runId: string, runs: Pick<RunStore, 'get'>): Promise<Run> {
  const run = await runs.get(runId)
  if (run.state === 'done') throw new BullpenError('RUN_FINISHED', { run: runId })
  return run
}
