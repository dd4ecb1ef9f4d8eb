import type {
  Candle,
  Equity,
  ExplainedVerdict,
  Cluster,
  LoggedVerdict,
  Models,
  Run,
  RunDetail,
  Series,
} from './contract.ts'
import { ServiceError } from './service-error.ts'

/** A series by its names as the service writes them. */
export interface SeriesName {
  readonly symbol: string
  readonly timeframe: string
}

/** A request is given up after this long: the service answers in milliseconds or not at all. */
const timeoutMs = 15_000

/** The calls this page makes. Every one throws ServiceError and nothing else. */
export class Service {
  readonly #key: string

  /** `key` is a read key, empty when the service answers anybody. */
  constructor(key: string) {
    this.#key = key
  }

  series = (): Promise<readonly Series[]> => this.#items<Series>('/v1/series')
  models = (): Promise<Models> => this.#get<Models>('/v1/models')
  runs = (): Promise<readonly Run[]> => this.#items<Run>('/v1/runs')
  run = (id: string): Promise<RunDetail> => this.#get<RunDetail>(`/v1/runs/${encodeURIComponent(id)}`)
  cluster = (): Promise<Cluster> => this.#get<Cluster>('/v1/cluster')

  explain = (series: SeriesName): Promise<ExplainedVerdict> =>
    this.#get<ExplainedVerdict>(`/v1/verdict/explain${query({ ...series })}`)

  equity = (series: SeriesName): Promise<Equity> => this.#get<Equity>(`/v1/equity${query({ ...series })}`)

  candles = (series: SeriesName, limit: number): Promise<readonly Candle[]> =>
    this.#items<Candle>(`/v1/candles${query({ ...series, limit })}`)

  verdicts = (series: SeriesName, limit: number): Promise<readonly LoggedVerdict[]> =>
    this.#items<LoggedVerdict>(`/v1/verdicts${query({ ...series, limit })}`)

  promote = (version: number, reason: string, adminKey: string): Promise<unknown> =>
    this.#request(`/v1/models/${version}/promote`, { method: 'POST', body: { reason }, key: adminKey })

  rollback = (reason: string, adminKey: string): Promise<unknown> =>
    this.#request('/v1/models/rollback', { method: 'POST', body: { reason }, key: adminKey })

  async report(version: number): Promise<string> {
    return (await this.#fetch(`/v1/models/${version}/report`, { headers: this.#headers(this.#key) })).text()
  }

  /** Opens the stream of events after the one named, until the signal aborts. */
  events(lastEventId: string, signal: AbortSignal): Promise<Response> {
    const resume: Record<string, string> = lastEventId === '' ? {} : { 'last-event-id': lastEventId }
    return this.#fetch('/v1/events', {
      headers: { ...this.#headers(this.#key), accept: 'text/event-stream', ...resume },
      signal,
    })
  }

  async #items<T>(path: string): Promise<readonly T[]> {
    return (await this.#get<{ items: readonly T[] }>(path)).items
  }

  #get<T>(path: string): Promise<T> {
    return this.#request(path, { method: 'GET', key: this.#key }) as Promise<T>
  }

  async #request(path: string, call: { method: string; key: string; body?: unknown }): Promise<unknown> {
    const hasBody = call.body !== undefined
    const response = await this.#fetch(path, {
      method: call.method,
      headers: { ...this.#headers(call.key), ...(hasBody && { 'content-type': 'application/json' }) },
      ...(hasBody && { body: JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    return response.json()
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    // Never from the browser's cache: the age of the data counts from the moment of the answer.
    const response = await fetch(path, { ...init, cache: 'no-store' }).catch((error: unknown) => {
      throw ServiceError.unreachable(error instanceof Error ? error.message : String(error))
    })
    if (response.ok) return response
    throw ServiceError.of(response.status, await response.json().catch(() => null))
  }

  #headers(key: string): Record<string, string> {
    return key === '' ? {} : { authorization: `Bearer ${key}` }
  }
}

function query(members: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(members).map(([name, value]): [string, string] => [name, String(value)])
  return `?${new URLSearchParams(pairs).toString()}`
}
