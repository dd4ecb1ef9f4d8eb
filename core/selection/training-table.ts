/**
 * Features, label and naive baseline of one series, ready for selection and search. Row t of everything is candle t.
 * Stored as a column file; all arrays may be views onto shared memory and are never written.
 */
export interface TrainingTable {
  readonly rows: number
  readonly featureSet: string
  readonly featureSetHash: string
  /** Rows at the start of each segment where features are not yet settled. */
  readonly warmup: number
  readonly columns: readonly string[]
  /** Column-major: column c is values[c*rows .. (c+1)*rows). */
  readonly values: Float64Array
  readonly openTime: Float64Array
  readonly close: Float64Array
  /** -1, 0, 1. */
  readonly target: Int8Array
  /** Last row each label read (inclusive). */
  readonly reach: Int32Array
  /** 1 where the label had its whole future. */
  readonly complete: Uint8Array
  /** 1 where the features are settled: the warm-up of the row's segment has passed. */
  readonly settled: Uint8Array
  readonly weight: Float64Array
  readonly maxReach: number
  /** C/P - 1, P = SMA(SMA(C,5),3): the number that ranks the swing label with no skill (features.md section 7.6). */
  readonly naive: Float64Array
}
