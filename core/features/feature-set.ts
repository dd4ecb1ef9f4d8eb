import type { Candle, CandleSeries } from '#core/candles'

/**
 * One feature family as a streaming kernel. The batch table is this kernel run over the series (or a vectorised form
 * proven bit-equal), so training and serving cannot drift apart.
 */
export interface Kernel {
  /** e.g. `averages`. */
  readonly family: string
  /** Names of the columns it writes, in the order it writes them. */
  readonly columns: readonly string[]
  /** Rows from the start of a segment after which every column is defined (not NaN, not a start-up constant). */
  readonly warmup: number
  /** A fresh state, before the first candle. */
  start(): KernelState
}

/** The memory of one kernel over one segment. */
export interface KernelState {
  /** Takes the next candle and writes this family's values to `out[offset..offset+columns.length)`; NaN = undefined. */
  step(candle: Candle, out: Float64Array, offset: number): void
  /** As `step` for who needs no values of this candle: the state afterwards is the same. Only where that is cheaper. */
  advance?(candle: Candle): void
  /** The whole state; `restore` of it continues bit-equal. The buffer is the caller's. */
  save(): Float64Array
  restore(saved: Float64Array): void
}

/** A named ordered set of features. */
export interface FeatureSet {
  readonly name: string
  /**
   * SHA-256 over column names, order, warm-ups and what the kernels compute on a fixed synthetic series: it changes
   * when any kernel's arithmetic changes. A model serves only with code of the same hash.
   */
  readonly hash: string
  readonly columns: readonly string[]
  /** Rows to leave out at the start of a training range (299 for `reference`: features.md section 1). */
  readonly warmup: number
  readonly kernels: readonly Kernel[]
}

/** Column-wise feature values. `values` holds `columns.length` runs of `rows` numbers, shared, column after column. */
export interface FeatureTable {
  readonly set: string
  readonly hash: string
  readonly rows: number
  readonly columns: readonly string[]
  readonly values: Float64Array
  column(name: string): Float64Array
}

/** Streaming computation of a whole set over one segment: one row out for each candle in. */
export interface FeatureStream {
  /** Row of `set.columns.length` values; the array is reused by the next call. */
  step(candle: Candle): Float64Array
  /** As `step`, without the row: about half the time for the reference features. */
  advance(candle: Candle): void
  save(): Float64Array
  restore(saved: Float64Array): void
}

/** Signature of the batch computation: every segment starts afresh. */
export type ComputeFeatures = (series: CandleSeries, set: FeatureSet) => FeatureTable
