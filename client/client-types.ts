import type { components, operations } from './openapi.ts'

type Schemas = components['schemas']
type QueryOf<Id extends keyof operations> = NonNullable<operations[Id]['parameters']['query']>
type BodyOf<Id extends keyof operations> = operations[Id] extends {
  requestBody: { content: { 'application/json': infer Body } }
}
  ? Body
  : never

export type AliasMove = Schemas['AliasMove']
export type CandleReceipt = Schemas['CandleReceipt']
export type CandleRow = Schemas['CandleRow']
export type CandleRows = Schemas['CandleRows']
export type Cluster = Schemas['Cluster']
export type Equity = Schemas['Equity']
export type Explanation = Schemas['Explanation']
export type LoggedVerdict = Schemas['LoggedVerdict']
export type Model = Schemas['Model']
export type ModelDetail = Schemas['ModelDetail']
export type ModelList = Schemas['ModelList']
export type Readiness = Schemas['Readiness']
export type Run = Schemas['Run']
export type RunDetail = Schemas['RunDetail']
export type RunList = Schemas['RunList']
export type SeriesList = Schemas['SeriesList']
export type Verdict = Schemas['Verdict']
export type VerdictBatch = Schemas['VerdictBatch']
export type VerdictPage = Schemas['VerdictPage']

export type SeriesQuery = QueryOf<'getVerdict'>
export type CandlesQuery = QueryOf<'listCandles'>
export type VerdictsQuery = QueryOf<'listVerdicts'>
export type CandlesRequest = BodyOf<'sendCandles'>
export type VerdictRequest = BodyOf<'askVerdict'>
export type Promotion = BodyOf<'promoteModel'>
export type Rollback = BodyOf<'rollbackModel'>
