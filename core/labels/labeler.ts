import type { CandleSeries } from '#core/candles'

/** Labels of a series, one entry a row. */
export interface Labels {
  /** -1 sell, 0 hold, 1 buy. */
  readonly target: Int8Array
  /** Last row (inclusive) whose candle the label of row t read, in [t, rows-1]: the label's interval is [t, reach[t]]. */
  readonly reach: Int32Array
  /** 1 where the label had all the future it wanted; 0 where the end of its segment cut it short. Train on 1 only. */
  readonly complete: Uint8Array
  /** Longest look-ahead any complete label can have or had, in rows: the least embargo. */
  readonly maxReach: number
  /** Sample weights, all 1 unless the labeler knows better (overlap, uniqueness). */
  readonly weight: Float64Array
}

/** A way to label history. Pure: same series, same labels. */
export interface Labeler {
  /** e.g. `swing`. */
  readonly name: string
  /** Parameters as data; with the name it identifies the label in a manifest. */
  readonly parameters: Readonly<Record<string, number | string>>
  label(series: CandleSeries): Labels
}
