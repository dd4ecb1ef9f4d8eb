import type { CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { computeFeatures, type FeatureSet } from '#core/features'
import type { Forest, ModelContract } from '#core/model'
import { classProbabilities, verdictOf, type ClassProbabilities, type Verdict } from '#core/verdict'

/** The answer for the newest candle of a series. */
export interface NewestVerdict {
  readonly verdict: Verdict
  readonly probabilities: ClassProbabilities
  /** Open time (ms) and close of the candle it is for. */
  readonly openTime: number
  readonly close: number
}

/** Computes the newest row's features and asks the model. Throws TOO_FEW_ROWS when the warm-up is not over. */
export function newestVerdict(
  series: CandleSeries,
  set: FeatureSet,
  forest: Forest,
  contract: ModelContract,
): NewestVerdict {
  const row = series.rows - 1
  const settledRows = series.rows - series.segments.at(-1)!.start
  if (settledRows <= set.warmup) {
    const why = `${set.warmup} for the warm-up of the ${set.name} features and one to answer for`
    throw new BullpenError('TOO_FEW_ROWS', { rows: settledRows, needed: set.warmup + 1, why })
  }
  const features = computeFeatures(series, set)
  const data = Float32Array.from(contract.columns, (name) => features.column(name)[row]!)
  const probabilities = classProbabilities(forest.probabilities({ rows: 1, columns: data.length, data }))
  return {
    verdict: verdictOf(probabilities, contract.policy),
    probabilities,
    openTime: series.openTime[row]!,
    close: series.close[row]!,
  }
}
