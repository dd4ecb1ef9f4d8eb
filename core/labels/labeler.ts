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
  /** Sample weights above 0, all 1 unless the labeler knows better (overlap, uniqueness). */
  readonly weight: Float64Array
  /** How the trades behind the labels ended, from labelers that follow trades. */
  readonly exits?: TradeExits
}

/** How a long and a short trade entered after each row would have ended: positions in {@link exitNames}. */
export interface TradeExits {
  readonly long: Uint8Array
  readonly short: Uint8Array
}

/** Ways a trade ends; `open` when its stretch of bars was over first. */
export const exitNames = ['open', 'take-profit', 'stop-loss', 'time-limit'] as const
export type ExitName = (typeof exitNames)[number]

/** A way to label history. Pure: same series, same labels. */
export interface Labeler {
  /** e.g. `swing`. */
  readonly name: string
  /** Parameters as data; with the name it identifies the label in a manifest. */
  readonly parameters: Readonly<Record<string, number | string>>
  /** Whether rows weigh differently, which the wasm engine cannot learn. */
  readonly weighs: boolean
  label(series: CandleSeries): Labels
}
