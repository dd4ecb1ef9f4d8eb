import type { CandleSeries } from '#core/candles'
import { computeFeatures } from '#core/features'
import type { AnsweringModel } from '#core/model'
import type { TrainingTable } from '#core/selection'
import { verdicts } from '#core/verdict'
import type { ForwardAnswers } from '#core/winner'

/** What a model says at some rows of a series, as it would when serving. `table` spares it features that are there. */
export function forwardAnswers(
  model: AnsweringModel,
  rows: Uint32Array,
  { series, table }: { readonly series: CandleSeries; readonly table: TrainingTable },
): ForwardAnswers {
  const { values } = model.set.hash === table.featureSetHash ? table : computeFeatures(series, model.set)
  const features = new Float64Array(model.set.columns.length)
  const verdict = new Int8Array(rows.length)
  const probabilities = new Float64Array(rows.length * verdicts.length)
  rows.forEach((row, i) => {
    for (let column = 0; column < features.length; column++) features[column] = values[column * series.rows + row]!
    const answer = model.answer(features)
    verdict[i] = verdicts.indexOf(answer.verdict) - 1
    verdicts.forEach((name, c) => (probabilities[i * verdicts.length + c] = answer.probabilities[name]))
  })
  return { verdicts: verdict, probabilities }
}

/** A model that never takes a position and believes the class shares of the rows it may learn from. */
export function alwaysHold(count: number, learned: ArrayLike<number>): ForwardAnswers {
  const shares = [-1, 0, 1].map((target) => Array.from(learned).filter((value) => value === target).length)
  const probabilities = new Float64Array(count * verdicts.length)
  for (let i = 0; i < probabilities.length; i++) probabilities[i] = shares[i % verdicts.length]! / learned.length
  return { verdicts: new Int8Array(count), probabilities }
}
