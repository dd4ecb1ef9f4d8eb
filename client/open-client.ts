import createClient from 'openapi-fetch'
import type {
  AliasMove,
  CandleReceipt,
  CandleRows,
  CandlesQuery,
  CandlesRequest,
  Cluster,
  Equity,
  Explanation,
  ModelDetail,
  ModelList,
  Promotion,
  Readiness,
  Rollback,
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
import type { paths } from './openapi.ts'
import { errorOf, unreachable } from './service-error.ts'
import { serviceEvents, type EventOptions, type ServiceEvent } from './service-events.ts'

export interface ClientOptions {
  /** e.g. `http://127.0.0.1:8080`. */
  readonly url: string
  /** As `bullpen keys create` printed it; not needed where reading is anonymous. */
  readonly key?: string | undefined
  /** How long to wait for an answer, ms; 10,000 unless given. */
  readonly timeoutMs?: number
}

/** The service as a program sees it. Every method throws ServiceError. */
export interface Client {
  verdict(query?: SeriesQuery): Promise<Verdict>
  verdictFor(request: VerdictRequest): Promise<Verdict>
  verdicts(requests: readonly { readonly symbol: string; readonly timeframe: string }[]): Promise<VerdictBatch>
  explain(query?: SeriesQuery): Promise<Explanation>
  log(query?: VerdictsQuery): Promise<VerdictPage>
  equity(query?: SeriesQuery): Promise<Equity>
  sendCandles(request: CandlesRequest): Promise<CandleReceipt>
  candles(query?: CandlesQuery): Promise<CandleRows>
  series(): Promise<SeriesList>
  models(): Promise<ModelList>
  model(version: number): Promise<ModelDetail>
  promote(version: number, promotion: Promotion): Promise<AliasMove>
  rollback(rollback: Rollback): Promise<AliasMove>
  runs(limit?: number): Promise<RunList>
  run(id: string): Promise<RunDetail>
  cluster(): Promise<Cluster>
  ready(): Promise<Readiness>
  /** Goes on until the signal aborts or the caller stops; see {@link serviceEvents}. */
  events(options?: EventOptions): AsyncGenerator<ServiceEvent, void, undefined>
}

/** A client of the service at an address. Nothing is sent yet. */
export function openClient({ url, key, timeoutMs = 10_000 }: ClientOptions): Client {
  const baseUrl = url.replace(/\/+$/, '')
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const api = createClient<paths>({
    baseUrl,
    headers,
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(timeoutMs) }),
  })

  /** The data of an answer, or its problem as an error. */
  async function take<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
    const answer = await asked.catch((cause: unknown) => {
      throw unreachable(baseUrl, cause)
    })
    if (answer.response.ok && answer.data !== undefined) return answer.data
    throw errorOf(answer.error, answer.response.status, baseUrl)
  }

  return {
    verdict: (query = {}) => take(api.GET('/v1/verdict', { params: { query } })),
    verdictFor: (body) => take(api.POST('/v1/verdict', { body })),
    verdicts: (requests) => take(api.POST('/v1/verdicts/batch', { body: { requests: [...requests] } })),
    explain: (query = {}) => take(api.GET('/v1/verdict/explain', { params: { query } })),
    log: (query = {}) => take(api.GET('/v1/verdicts', { params: { query } })),
    equity: (query = {}) => take(api.GET('/v1/equity', { params: { query } })),
    sendCandles: (body) => take(api.POST('/v1/candles', { body })),
    candles: (query = {}) => take(api.GET('/v1/candles', { params: { query } })),
    series: () => take(api.GET('/v1/series')),
    models: () => take(api.GET('/v1/models')),
    model: (version) => take(api.GET('/v1/models/{version}', { params: { path: { version } } })),
    promote: (version, body) => take(api.POST('/v1/models/{version}/promote', { params: { path: { version } }, body })),
    rollback: (body) => take(api.POST('/v1/models/rollback', { body })),
    runs: (limit) => take(api.GET('/v1/runs', { params: { query: limit === undefined ? {} : { limit } } })),
    run: (id) => take(api.GET('/v1/runs/{id}', { params: { path: { id } } })),
    cluster: () => take(api.GET('/v1/cluster')),
    ready: () => take(api.GET('/ready')),
    events: (options) => serviceEvents(`${baseUrl}/v1/events`, headers, options),
  }
}
