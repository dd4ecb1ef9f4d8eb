import type { CandleSeries } from '#core/candles'
import type { AnsweringModel } from '#core/model'
import { verdicts } from '#core/verdict'
import type { ForwardAnswers } from '#core/winner'
import { answerRows } from '../backtest/index.ts'

/** What a model says at some rows of a series, ascending, as it would when serving. */
export function forwardAnswers(model: AnsweringModel, rows: Uint32Array, series: CandleSeries): ForwardAnswers {
  const first = rows[0] ?? 0
  const { verdict, probabilities } = answerRows(series, model, first, (rows.at(-1) ?? -1) + 1)
  return {
    verdicts: Int8Array.from(rows, (row) => verdict[row - first]!),
    probabilities: Array.from(rows).flatMap((row) => [0, 1, 2].map((c) => probabilities[(row - first) * 3 + c]!)),
  }
}

/** A model that never takes a position and believes the class shares of the rows it may learn from. */
export function alwaysHold(count: number, learned: ArrayLike<number>): ForwardAnswers {
  const shares = [-1, 0, 1].map((target) => Array.from(learned).filter((value) => value === target).length)
  const probabilities = new Float64Array(count * verdicts.length)
  for (let i = 0; i < probabilities.length; i++) probabilities[i] = shares[i % verdicts.length]! / learned.length
  return { verdicts: new Int8Array(count), probabilities }
}
