/** One bar. `openTime` is milliseconds since the epoch, UTC; prices are in the quote currency, volume in the base. */
export interface Candle {
  readonly openTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** A hole in a series: `missing` bars between the bar at `after` and the bar at `before` (open times, ms). */
export interface Gap {
  readonly after: number
  readonly before: number
  readonly missing: number
}

/** Rows `start` (inclusive) to `end` (exclusive) over which windows may run. */
export interface Segment {
  readonly start: number
  readonly end: number
}

/** What to do with gaps: `keep` counts rows not hours (the reference), `reject` refuses, `split` ends a segment. */
export type GapPolicy = 'keep' | 'reject' | 'split'

/**
 * A valid series: sorted by open time, on its grid, free of duplicates, every number finite. Columns have one length,
 * `rows`; row t of each is the same bar. Made only by {@link makeSeries}, so holding one is proof of validity.
 */
export interface CandleSeries {
  /** e.g. `BTC/USDT`. */
  readonly symbol: string
  /** Bar width in ms, e.g. 14_400_000 for 4 hours. */
  readonly widthMs: number
  readonly rows: number
  readonly openTime: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  readonly gaps: readonly Gap[]
  /** One segment over all rows unless the gap policy is `split`. */
  readonly segments: readonly Segment[]
  /** How many exact repeats were dropped. */
  readonly duplicatesDropped: number
}
