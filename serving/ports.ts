import type { Candle } from '#core/candles'
import type { FeatureSet } from '#core/features'
import type { AnsweringModel } from '#core/model'
import type { GivenVerdict, ModelManifest } from '#core/registry'

export type { GivenVerdict, PredictionLog, VerdictQuery } from '#core/registry'

// What the parts of the service know of each other. Composition is in serving/main only.

/** A series the service answers for. */
export interface SeriesKey {
  /** e.g. `BTC/USDT`. */
  readonly symbol: string
  readonly widthMs: number
}

/** What one call with candles did, counted by candle. */
export interface CandleReceipt {
  /** New at the end: the state moved on. */
  readonly appended: number
  /** Known already with the very same values: nothing happened. */
  readonly repeated: number
  /** Known with other values, or older than the end and missing: stored, and the state computed anew from there. */
  readonly revised: number
  /** Open time (ms) of the newest candle of the series now. */
  readonly newestOpenTime: number
}

/** The newest closed candle of a series with its features, and the ones before it. */
export interface SeriesView {
  readonly key: SeriesKey
  readonly newest: Candle
  /** Every column of `set`, in its order; undefined until the warm-up of the last segment is over. */
  readonly features: Float64Array | undefined
  readonly set: FeatureSet
  /** Rows since the start of the last segment, counted to one more than the warm-up. */
  readonly settledRows: number
  /** Counts up with each change of the series, so that an answer can say for which state it was computed. */
  readonly revision: number
}

/** Streaming feature state of the served series. One writer: calls are taken one after the other per series. */
export interface SeriesBook {
  keys(): readonly SeriesKey[]
  /** Throws SERIES_NOT_SERVED, NO_CANDLES while there is none. */
  view(key: SeriesKey): SeriesView
  /** The last `limit` closed candles, oldest first. Throws SERIES_NOT_SERVED. */
  candles(key: SeriesKey, limit: number): readonly Candle[]
  /** Features of the last `limit` settled rows, oldest first: what a new model is tried on. */
  recentFeatures(key: SeriesKey, limit: number): readonly Float64Array[]
  /**
   * Features of the newest candle as if it had closed at `close`; the state stays as it is. High and low are widened
   * when `close` lies outside. Undefined until settled.
   */
  featuresIfClosedAt(key: SeriesKey, close: number): Float64Array | undefined
  /** Takes closed candles: stored first, then the state moves. All or nothing. Throws CANDLES_INVALID and the like. */
  apply(key: SeriesKey, candles: readonly Candle[]): Promise<CandleReceipt>
  /**
   * Serves this series with this set; computes its state from the store. Idempotent. A new model's set is served before
   * the model answers, so for a moment `view(key).set` may differ from the answering model's: its features are then not
   * to be shown to that model, and the verdict known goes on being the answer.
   */
  serve(key: SeriesKey, set: FeatureSet): Promise<void>
  /** Called after each change of a series; in order per series. */
  onChange(listener: (key: SeriesKey) => void): void
}

/** A verified model that answers, immutable. */
export interface ServedModel {
  readonly version: number
  readonly manifest: ModelManifest
  readonly model: AnsweringModel
  /** When it began to serve (ms). */
  readonly since: number
}

/** Holds the models that answer and swaps them. */
export interface Champions {
  /** The model that answers for a series. Throws SERIES_NOT_SERVED, NO_MODEL. */
  of(key: SeriesKey): ServedModel
  all(): readonly ServedModel[]
  /** Called right after an atomic swap, before anyone can ask for the new model. */
  onSwap(listener: (now: ServedModel, before: ServedModel | undefined) => void): void
  /** Tells the watchdog how an answer went: a failure or a non-finite score right after a swap rolls it back. */
  report(version: number, outcome: 'ok' | 'failed' | 'not-finite'): void
}

/** What happens in the service, told to whoever listens (`GET /v1/events`, metrics, the log). */
export type ServiceEvent =
  | { readonly kind: 'verdict'; readonly given: GivenVerdict }
  | { readonly kind: 'model'; readonly version: number; readonly before: number | null; readonly sha256: string }
  | { readonly kind: 'model-refused'; readonly version: number; readonly code: string; readonly reason: string }
  | { readonly kind: 'rollback'; readonly from: number; readonly to: number; readonly reason: string }
  | { readonly kind: 'stale'; readonly series: SeriesKey; readonly stale: boolean; readonly dataAgeMs: number }

/** Tells events to listeners; a listener that throws does not keep others from hearing. */
export interface EventHub {
  emit(event: ServiceEvent): void
  on(listener: (event: ServiceEvent) => void): () => void
}
