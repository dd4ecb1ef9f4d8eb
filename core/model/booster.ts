/** Rows of features for a booster: row-major float32, NaN = missing. `data.length === rows * columns`. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float32Array
}

/** XGBoost's parameters under XGBoost's meaning (xgboost.readthedocs.io, "XGBoost Parameters"). */
export interface BoosterParameters {
  /** `multi:softprob` has classes 0..classes-1; `binary:logistic` has labels 0 and 1. */
  readonly objective: 'binary:logistic' | 'multi:softprob'
  /** 3 for verdicts, 2 for binary. */
  readonly classes: number
  /** Boosting rounds, 1 or more; each grows one tree per class (one tree for binary). */
  readonly rounds: number
  /** eta in (0, 1]. */
  readonly learningRate: number
  readonly maxDepth: number
  readonly minChildWeight: number
  readonly subsample: number
  readonly colsampleByTree: number
  readonly gamma: number
  readonly lambda: number
  readonly alpha: number
  /** Histogram bins per feature. */
  readonly maxBin: number
  /** 31-bit seed of row and column sampling. */
  readonly seed: number
}

/** One fit. `rows` picks rows of `matrix` (all when absent); labels and weights are indexed like the matrix. */
export interface FitRequest {
  readonly matrix: Matrix
  readonly labels: Float32Array
  readonly weights?: Float32Array
  readonly rows?: Uint32Array
  readonly parameters: BoosterParameters
  /** Stop when log loss on `evaluationRows` has not improved for `patience` rounds; the best round count is kept. */
  readonly earlyStopping?: { readonly evaluationRows: Uint32Array; readonly patience: number }
}

/** What a fit gives: the portable artifact and what it took. */
export interface FittedModel {
  /** XGBoost JSON model, UTF-8 text; Python's `xgboost.Booster(model_file=...)` loads it. */
  readonly json: string
  /** Rounds kept (fewer than asked for after early stopping). */
  readonly rounds: number
  /** Wall time inside XGBoost, ms. */
  readonly fitMs: number
}

/**
 * A trainer. Deterministic: same request, same `json`, bit for bit, on any thread of any process with the same engine
 * name and version. Synchronous, because it runs in a pool thread; one thread per fit. Never mutates the matrix.
 */
export interface Booster {
  readonly engine: 'native' | 'wasm'
  /** Library version, e.g. `1.7.4`. */
  readonly version: string
  fit(request: FitRequest): FittedModel
}
