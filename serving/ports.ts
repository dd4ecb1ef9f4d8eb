import type { Candle, CandleSeries } from '#core/candles'
import type { DriftMeasure } from '#core/drift'
import type { BullpenError } from '#core/errors'
import type { FeatureSet } from '#core/features'
import type { AnsweringModel } from '#core/model'
import type { GivenVerdict, ModelManifest } from '#core/registry'
import type { ClassProbabilities, Verdict } from '#core/verdict'

export type { GivenVerdict, HostAgent, Hosts, PredictionLog, VerdictQuery } from '#core/registry'

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

/** A series that is to be served, whose candles could not be read yet. */
export interface AwaitedSeries {
  readonly key: SeriesKey
  /** CANDLES_UNAVAILABLE. */
  readonly error: BullpenError
}

/** Streaming feature state of the served series. One writer: calls are taken one after the other per series. */
export interface SeriesBook {
  /** Series that have a state. */
  keys(): readonly SeriesKey[]
  /** Series that have none yet because the store did not answer; {@link serve} is to be called again. */
  awaited(): readonly AwaitedSeries[]
  /** Throws SERIES_NOT_SERVED, CANDLES_UNAVAILABLE while it is awaited, NO_CANDLES while there is none. */
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
  /** The model that answers for a series. Throws SERIES_NOT_SERVED, NO_MODEL, CHAMPION_UNKNOWN while the registry is away. */
  of(key: SeriesKey): ServedModel
  /** CHAMPION_UNKNOWN, while an alias has no model because the registry or the objects did not answer. */
  unknown(): BullpenError | undefined
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
  /** What is beyond its limit has changed; no measure: all are within theirs again. */
  | {
      readonly kind: 'drift'
      readonly series: SeriesKey
      readonly version: number
      /** The model does worse, as against its inputs having changed. */
      readonly adverse: boolean
      readonly measures: readonly DriftMeasure[]
    }
  | { readonly kind: 'stale'; readonly series: SeriesKey; readonly stale: boolean; readonly dataAgeMs: number }

/** Tells events to listeners; a listener that throws does not keep others from hearing. */
export interface EventHub {
  emit(event: ServiceEvent): void
  on(listener: (event: ServiceEvent) => void): () => void
}

/** Why a model only holds, and since when (ms). */
export interface Demotion {
  readonly reason: string
  readonly since: number
}

/** Models that drift has taken the right to say buy or sell. Known without waiting. */
export interface Demotions {
  of(version: number, key: SeriesKey): Demotion | undefined
  /** Called after a model of the series was demoted. */
  onChange(listener: (key: SeriesKey) => void): void
}

/** Gives verdicts: once per candle, model and state of the series, then from memory. */
export interface VerdictDesk {
  /**
   * The verdict for the newest closed candle by the model that answers for its series. Synchronous: whatever is slow
   * (logging, telling listeners) happens behind it. The same object until candle, model or state change.
   * Throws SERIES_NOT_SERVED, NO_CANDLES, NO_MODEL, TOO_FEW_ROWS.
   */
  current(key: SeriesKey): GivenVerdict
  /**
   * The verdict for the newest bar of the caller's own history, by the model of its symbol and width. Nothing is kept
   * or logged; `id` is 0. Throws SERIES_NOT_SERVED, NO_MODEL, TOO_FEW_ROWS.
   */
  answerFor(series: CandleSeries): GivenVerdict
}

/** How much one column moves the margins of a row. */
export interface ColumnContribution {
  readonly column: string
  readonly value: number
  /** Added to the margin of each class. */
  readonly margins: ClassProbabilities
}

/** Why a verdict is what it is: margins of each class are `baseline` + the contributions + `rest`. */
export interface Explanation {
  readonly given: GivenVerdict
  /** Before calibration, whose work no column has a share in: the soft-max of these is what the trees say. */
  readonly margins: ClassProbabilities
  readonly baseline: ClassProbabilities
  /** The ten that move the winning class most, most first. */
  readonly contributions: readonly ColumnContribution[]
  readonly rest: ClassProbabilities
  /** One sentence each, for people. */
  readonly words: readonly string[]
  /** The nearest close that would change the verdict, and by how much it differs (%); null when none was found. */
  readonly flip: { readonly close: number; readonly verdict: Verdict; readonly changePct: number } | null
}

export interface Explainer {
  /** Of the newest closed candle. Throws as {@link VerdictDesk.current}. */
  explain(key: SeriesKey): Explanation
}

/** Value of 1 unit of money over time, following the verdicts or holding from the first candle. */
export interface EquityCurve {
  readonly points: readonly { readonly time: number; readonly strategy: number; readonly buyAndHold: number }[]
  /** Paid on each change of position, in basis points of its value. */
  readonly feesBps: number
}

export interface EquityDesk {
  /** Of the logged verdicts of a series, oldest point first. Throws SERIES_NOT_SERVED. */
  curve(key: SeriesKey): Promise<EquityCurve>
}

/** Reports of runs, kept beside them. */
export interface Reports {
  /** The HTML of a run's report, undefined when it is not here. */
  htmlOf(runId: string): Promise<string | undefined>
}
