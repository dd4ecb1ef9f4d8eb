import type { CalibrationKind, PolicyKind } from '#core/calibration'
import type { BoosterParameters } from '#core/model'
import type { EngineRef } from '#core/protocol'
import type { TrainingWindow } from '#core/selection'
import type { Visibility } from '#core/trials'

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
  /** The tail that is scored once. `share` of the usable rows, in (0, 1). */
  readonly heldOut: { readonly share: number }
  readonly selection: {
    /** Shuffles per column. */
    readonly repeats: number
    readonly parameters: BoosterParameters
  }
  /** How the search cuts the rows of its window. `folds` are blocks, of combinatorial splits the groups. */
  readonly splits: { readonly name: string; readonly folds: number; readonly testGroups?: number }
  /** Nested evaluation: outer steps and the trials of the search in each. Absent: none. */
  readonly outer?: { readonly window: TrainingWindow; readonly steps: number; readonly trials: number }
  readonly search: {
    readonly space: string
    readonly sampler: string
    readonly pruner: string
    readonly trials: number
    /** Rounds without improvement after which a fit stops; null: every round of the trial is grown. */
    readonly earlyStopping: number | null
    /** Which earlier trials a trial may learn from. */
    readonly visibility: Visibility
  }
  /** How probabilities are answered; absent in runs older than the choice, which took them as they are. */
  readonly calibration?: CalibrationSpec
  readonly engine: EngineRef
  readonly seed: number
}

/** How the trees' probabilities become verdicts. */
export interface CalibrationSpec {
  readonly kind: CalibrationKind
  readonly policy: PolicyKind
  /** Share of rows whose conformal set is to hold the true class, in (0, 1). */
  readonly coverage: number
  /** Fee a side that thresholds must earn, in 1/10,000. */
  readonly feeBps: number
}

/** The choices of {@link TrainingSpec} a person makes; the rest is derived. */
export interface TrainingChoices {
  readonly featureSet: string
  readonly label: string
  /** Parameters of the label that differ from its defaults. */
  readonly labelParam?: Readonly<Record<string, number>>
  readonly splits: string
  readonly folds?: number
  readonly testGroups?: number
  /** `expanding`, `rolling` or `none`. */
  readonly outer?: string
  readonly outerSteps?: number
  readonly outerTrials?: number
  readonly space: string
  readonly sampler: string
  readonly pruner: string
  readonly trials: number
  readonly earlyStopping?: number
  readonly calibration: CalibrationKind
  readonly policy: PolicyKind
  readonly coverage: number
  readonly feeBps: number
  readonly seed: number
}

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
  maxBin: 64,
  seed,
})
