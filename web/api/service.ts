import {
  openClient,
  ServiceError,
  type AliasMove,
  type CandleRow,
  type Client,
  type Cluster,
  type Equity,
  type Explanation,
  type LoggedVerdict,
  type ModelList,
  type Problem,
  type Run,
  type RunDetail,
} from '#client'
import type { Series } from './shapes.ts'

/** A series by its names as the service writes them. */
export interface SeriesName {
  readonly symbol: string
  readonly timeframe: string
}

/** The calls this page makes of the service it came from. Every one throws ServiceError and nothing else. */
export class Service {
  readonly #key: string
  readonly #client: Client

  /** `key` is a read key, empty when the service answers anybody. */
  constructor(key: string) {
    this.#key = key
    this.#client = clientWith(key)
  }

  series = async (): Promise<readonly Series[]> => (await this.#client.series()).items
  models = (): Promise<ModelList> => this.#client.models()
  runs = async (): Promise<readonly Run[]> => (await this.#client.runs()).items
  run = (id: string): Promise<RunDetail> => this.#client.run(id)
  cluster = (): Promise<Cluster> => this.#client.cluster()
  explain = ({ symbol, timeframe }: SeriesName): Promise<Explanation> => this.#client.explain({ symbol, timeframe })
  equity = ({ symbol, timeframe }: SeriesName): Promise<Equity> => this.#client.equity({ symbol, timeframe })

  candles = async ({ symbol, timeframe }: SeriesName, limit: number): Promise<readonly CandleRow[]> =>
    (await this.#client.candles({ symbol, timeframe, limit })).items

  /** Newest first. */
  verdicts = async ({ symbol, timeframe }: SeriesName, limit: number): Promise<readonly LoggedVerdict[]> =>
    (await this.#client.log({ symbol, timeframe, limit })).items

  /** With `override` also against the gate; the service keeps reason and key with it. */
  promote = (version: number, reason: string, override: boolean, adminKey: string): Promise<AliasMove> =>
    clientWith(adminKey).promote(version, { reason, ...(override && { override }) })

  /** Only while `from` still answers: what the reader saw is what is rolled back. */
  rollback = (from: number, reason: string, adminKey: string): Promise<AliasMove> =>
    clientWith(adminKey).rollback({ reason, from })

  /** The report of the run that made a version, one page of HTML. */
  async report(version: number): Promise<string> {
    return (await this.#open(`/v1/models/${version}/report`, {})).text()
  }

  /** Opens the stream of events after the one named, until the signal aborts. */
  events(lastEventId: string, signal: AbortSignal): Promise<Response> {
    const resume: Record<string, string> = lastEventId === '' ? {} : { 'last-event-id': lastEventId }
    return this.#open('/v1/events', { headers: { accept: 'text/event-stream', ...resume }, signal })
  }

  async #open(path: string, init: { headers?: Record<string, string>; signal?: AbortSignal }): Promise<Response> {
    const headers = { ...init.headers, ...(this.#key !== '' && { authorization: `Bearer ${this.#key}` }) }
    const response = await fetch(path, { ...init, headers, cache: 'no-store' })
    if (response.ok) return response
    throw new ServiceError((await response.json()) as Problem)
  }
}

function clientWith(key: string): Client {
  return openClient({ url: location.origin, ...(key !== '' && { key }) })
}

/** Whatever was thrown, as the error that views show. */
export function serviceErrorOf(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown
  const detail = thrown instanceof Error ? thrown.message : String(thrown)
  return new ServiceError({ code: 'SERVICE_UNREACHABLE', status: 0, detail, advice: '', requestId: '' }, thrown)
}
