import type { ClassProbabilities, Verdict } from '#core/verdict'

/** One verdict as it was given: computed once per candle, model and state of the series. */
export interface GivenVerdict {
  /** Rises with time; 0 until it is logged. */
  readonly id: number
  readonly symbol: string
  readonly widthMs: number
  /** Of the candle it is for, ms. */
  readonly openTime: number
  readonly close: number
  readonly verdict: Verdict
  readonly probabilities: ClassProbabilities
  readonly version: number
  readonly sha256: string
  /** When it was computed (ms). */
  readonly at: number
  /** The model only holds, whatever its probabilities say: why, and since when (ms). Not kept by the log. */
  readonly demoted?: { readonly reason: string; readonly since: number }
}

/** What a page of the prediction log asks for. Times are open times in ms, inclusive. */
export interface VerdictQuery {
  readonly symbol?: string
  readonly widthMs?: number
  readonly from?: number
  readonly to?: number
  /** Only verdicts with a smaller id: the cursor of the page before. */
  readonly before?: number
  /** At least 1; the caller bounds it. */
  readonly limit: number
}

/**
 * Every verdict given, append-only. What makes two verdicts the same is everything that was answered: series, open time,
 * close, version and probabilities. So replicas that answer alike log once, whoever comes first, while a revised candle
 * or history, which changes a close or a probability, is logged beside what was said before it.
 */
export interface PredictionLog {
  /** The verdict as it is logged; the one logged first when it is known. Throws DATABASE_UNAVAILABLE. */
  append(verdict: Omit<GivenVerdict, 'id'>): Promise<GivenVerdict>
  /** Newest first, that is by falling id. Throws DATABASE_UNAVAILABLE. */
  page(query: VerdictQuery): Promise<readonly GivenVerdict[]>
}
