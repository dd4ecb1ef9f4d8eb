import { formatTime, type CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { newestFeatures, type FeatureSet } from '#core/features'
import type { AnsweringModel, ModelAnswer } from './answering-model.ts'

/** The answer for the newest candle of a series. */
export interface NewestVerdict extends ModelAnswer {
  /** Open time (ms) and close of the candle it is for. */
  readonly openTime: number
  readonly close: number
}

/** Throws TOO_FEW_ROWS when the newest bar's segment has not passed the warm-up, so that no verdict can be given for it. */
export function requireNewestSettled(series: CandleSeries, set: FeatureSet): void {
  const { start } = series.segments.at(-1)!
  const rows = series.rows - start
  if (rows > set.warmup) return
  const after =
    start > 0 ? ` after the gap at ${formatTime(series.openTime[start]!)}, where --gaps split begins anew` : ''
  const why = `${set.warmup} for the warm-up of the ${set.name} features and one to answer for${after}`
  throw new BullpenError('TOO_FEW_ROWS', { rows, needed: set.warmup + 1, why })
}

/** Computes the newest row's features and asks the model. Throws TOO_FEW_ROWS when the warm-up is not over. */
export function newestVerdict(series: CandleSeries, model: AnsweringModel): NewestVerdict {
  const row = series.rows - 1
  requireNewestSettled(series, model.set)
  const { openTime, close } = series
  return { ...model.answer(newestFeatures(series, model.set)), openTime: openTime[row]!, close: close[row]! }
}
