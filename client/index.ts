export { openClient } from './open-client.ts'
export type { Client, ClientOptions } from './open-client.ts'
export { ServiceError } from './service-error.ts'
export type { Problem } from './service-error.ts'
export { SseLines } from './sse-lines.ts'
export type { StreamedEvent } from './sse-lines.ts'
export type { EventOptions, ServiceEvent } from './service-events.ts'
export type {
  AliasMove,
  CandleReceipt,
  CandleRow,
  CandleRows,
  CandlesQuery,
  CandlesRequest,
  Cluster,
  Equity,
  Explanation,
  LoggedVerdict,
  Model,
  ModelDetail,
  ModelList,
  Promotion,
  Readiness,
  Rollback,
  Run,
  RunDetail,
  RunList,
  SeriesList,
  SeriesQuery,
  Verdict,
  VerdictBatch,
  VerdictPage,
  VerdictRequest,
  VerdictsQuery,
} from './client-types.ts'
