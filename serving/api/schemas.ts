import type { TSchema } from '@sinclair/typebox'
import { Health, Prediction, Problem, Readiness } from './service-schemas.ts'
import { Equity, Explanation, LoggedVerdict, Verdict, VerdictBatch, VerdictPage } from './verdict-schemas.ts'
import { CandleReceipt, CandleRow, CandleRows, Series, SeriesList } from './candle-schemas.ts'
import { AliasMove, Model, ModelDetail, ModelList, ScoreCard } from './model-schemas.ts'
import { Cluster, Host, Run, RunDetail, RunList, Trial } from './run-schemas.ts'

// Shapes of everything the service answers. Each has an `$id`: the name it has in the OpenAPI document and the client.

export {
  Health,
  Prediction,
  Problem,
  Readiness,
  Equity,
  Explanation,
  LoggedVerdict,
  Verdict,
  VerdictBatch,
  VerdictPage,
  CandleReceipt,
  CandleRow,
  CandleRows,
  Series,
  SeriesList,
  AliasMove,
  Model,
  ModelDetail,
  ModelList,
  ScoreCard,
  Cluster,
  Host,
  Run,
  RunDetail,
  RunList,
  Trial,
}

/** Every shape that is referred to by name. */
export const namedShapes: readonly TSchema[] = [
  Health,
  Prediction,
  Problem,
  Readiness,
  Equity,
  Explanation,
  LoggedVerdict,
  Verdict,
  VerdictBatch,
  VerdictPage,
  CandleReceipt,
  CandleRow,
  CandleRows,
  Series,
  SeriesList,
  AliasMove,
  Model,
  ModelDetail,
  ModelList,
  ScoreCard,
  Cluster,
  Host,
  Run,
  RunDetail,
  RunList,
  Trial,
]
