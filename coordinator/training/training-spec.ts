import type { BoosterParameters } from '#core/model'
import type { EngineRef } from '#core/protocol'

/**
 * Everything that decides what a training run ends with. Stored with the run and in the manifest: the same spec over
 * the same candles gives the same model, bit for bit, whatever the number of threads or the interruptions.
 */
export interface TrainingSpec {
  readonly candles: {
    /** What the user named, for people. */
    readonly source: string
    /** Column file in the object store: what is really trained on. */
    readonly sha256: string
    readonly symbol: string
    readonly widthMs: number
    readonly rows: number
    readonly firstOpenTime: number
    readonly lastOpenTime: number
    readonly gaps: number
    readonly gapPolicy: string
  }
  readonly featureSet: { readonly name: string; readonly hash: string }
  readonly label: { readonly name: string; readonly parameters: Readonly<Record<string, number | string>> }
  readonly heldOut: { readonly share: number; readonly embargo: number }
  readonly selection: {
    /** Shuffles per column. */
    readonly repeats: number
    /** Above this many columns the cut is made again at a stricter threshold (baseline-training.md section 2, step 7). */
    readonly parameters: BoosterParameters
  }
  readonly splits: { readonly name: string; readonly folds: number; readonly embargo: number }
  readonly search: {
    readonly space: string
    readonly sampler: string
    readonly pruner: string
    readonly trials: number
    /** Trials asked for at a time; a trial's sampler sees only batches before the previous one. */
    readonly batchSize: number
  }
  readonly engine: EngineRef
  readonly seed: number
}

/** The choices of {@link TrainingSpec} a person makes; the rest is derived. */
export interface TrainingChoices {
  readonly featureSet: string
  readonly label: string
  readonly splits: string
  readonly folds: number
  readonly space: string
  readonly sampler: string
  readonly pruner: string
  readonly trials: number
  readonly seed: number
}

/** Embargo between rows that learn and rows that judge: 60 rows, features.md section 7.7 (longest label reach is 51). */
export const embargoRows = 60

/** Trials per batch: large enough to keep the threads of one machine busy, small enough for TPE to learn early. */
export const searchBatchSize = 4

/**
 * The classifier that ranks columns. The reference fits CatBoost's defaults (1000 symmetric trees of depth 6); this is
 * a small XGBoost of the same kind, because only the ranking of columns is used.
 */
export const selectionParameters = (seed: number): BoosterParameters => ({
  objective: 'binary:logistic',
  classes: 2,
  rounds: 100,
  learningRate: 0.1,
  maxDepth: 5,
  minChildWeight: 1,
  subsample: 1,
  colsampleByTree: 1,
  gamma: 0,
  lambda: 3,
  alpha: 0,
  maxBin: 128,
  seed,
})
