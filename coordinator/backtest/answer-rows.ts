import type { CandleSeries } from '#core/candles'
import { computeFeatures, type FeatureTable } from '#core/features'
import type { AnsweringModel } from '#core/model'

/** What a model says of consecutive rows. */
export interface RowAnswers {
  /** -1 sell, 0 hold, 1 buy. */
  readonly verdict: Int8Array
  /** Rows x 3: sell, hold, buy. */
  readonly probabilities: Float64Array
}

const targetOf = { sell: -1, hold: 0, buy: 1 } as const

/**
 * The model's answer for rows `start` (inclusive) to `end` (exclusive), asked row by row as the service asks it. A row
 * whose features are not settled, after a gap that split the series, is held: the service would not answer it.
 * `table` holds the features of the whole series where they are known already.
 */
export function answerRows(
  series: CandleSeries,
  model: AnsweringModel,
  start: number,
  end: number,
  { values }: Pick<FeatureTable, 'values'> = computeFeatures(series, model.set),
): RowAnswers {
  const { set } = model
  const row = new Float64Array(set.columns.length)
  const verdict = new Int8Array(end - start)
  const probabilities = new Float64Array((end - start) * 3)
  for (let t = start; t < end; t++) {
    const at = t - start
    if (!isSettled(series, set.warmup, t)) {
      probabilities[at * 3 + 1] = 1
      continue
    }
    for (let c = 0; c < row.length; c++) row[c] = values[c * series.rows + t]!
    const answer = model.answer(row)
    verdict[at] = targetOf[answer.verdict]
    const { sell, hold, buy } = answer.probabilities
    probabilities.set([sell, hold, buy], at * 3)
  }
  return { verdict, probabilities }
}

/** Whether the warm-up of the row's segment is over. */
export function isSettled({ segments }: CandleSeries, warmup: number, row: number): boolean {
  return segments.some(({ start, end }) => row >= start + warmup && row < end)
}
