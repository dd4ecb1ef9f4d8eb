import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import type { FastifyInstance } from 'fastify'
import { formatTimeframe } from '#core/candles'
import type { DriftReading } from '#core/drift'
import { addRouteHook } from '../app/route-hooks.ts'
import type { EventHub, SeriesKey, ServiceEvent } from '../ports.ts'
import { RequestFigures } from './request-figures.ts'
import type { ServiceFigures } from './service-figures.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** performance.now() when it came. */
    startedAt: number
  }
}

/** What every request is counted by, in {@link RequestFigures}. */
export const requestMetrics = {
  count: { name: 'http_requests_total', help: 'requests answered, by route and status' },
  time: { name: 'http_request_duration_seconds', help: 'time from request to answer, by route' },
} as const

/** Everything else /metrics says besides the defaults of the process: [kind, name, meaning, labels]. docs/serving.md lists the same. */
export const metricTable = [
  ['counter', 'cnt_signal_total', 'verdicts answered', []],
  ['counter', 'cnt_signal_down_total', 'verdicts answered: sell', []],
  ['counter', 'cnt_signal_hold_total', 'verdicts answered: hold', []],
  ['counter', 'cnt_signal_up_total', 'verdicts answered: buy', []],
  ['counter', 'bullpen_verdicts_total', 'verdicts computed, once per candle and model', ['verdict']],
  ['gauge', 'bullpen_model_version', 'version that answers for a series', ['series']],
  ['gauge', 'bullpen_model_age_seconds', 'since that version began to answer here', ['series']],
  ['gauge', 'bullpen_data_age_seconds', 'since the newest candle of a series closed', ['series']],
  ['gauge', 'bullpen_data_stale', '1 while no candle has closed for more than two widths', ['series']],
  ['gauge', 'bullpen_model_demoted', '1 while drift lets the model of a series only hold', ['series']],
  ['counter', 'bullpen_model_swaps_total', 'models that began to answer', []],
  ['counter', 'bullpen_model_refused_total', 'models that were refused, by code', ['code']],
  ['counter', 'bullpen_model_rollbacks_total', 'models taken back by the watchdog', []],
  ['gauge', 'bullpen_drift', 'drift of the newest window, by metric', ['series', 'metric']],
  ['gauge', 'bullpen_drift_limit', 'what that metric is not to exceed', ['series', 'metric']],
  ['gauge', 'bullpen_event_listeners', 'clients of GET /v1/events', []],
  ['gauge', 'bullpen_ready', '1 when /ready says yes', []],
] as const satisfies readonly (readonly ['counter' | 'gauge', string, string, readonly string[]])[]

type Row = (typeof metricTable)[number]
type NameOf<Kind extends Row[0]> = Extract<Row, readonly [Kind, ...unknown[]]>[1]
type Verdict = 'sell' | 'hold' | 'buy'

/** The metrics of one service, in a registry of their own. */
export class ServiceMetrics {
  readonly contentType: string
  private readonly registry = new Registry()
  private readonly counters = new Map<string, Counter>()
  private readonly gauges = new Map<string, Gauge>()
  private readonly requests = new RequestFigures()
  /** Verdicts answered since the last scrape, which counts them. */
  private readonly unscraped = { sell: 0, hold: 0, buy: 0 }

  constructor() {
    this.contentType = this.registry.contentType
    // Event-loop lag among them.
    collectDefaultMetrics({ register: this.registry })
    for (const [kind, name, help, labels] of metricTable) {
      const settings = { name, help, labelNames: [...labels], registers: [this.registry] }
      if (kind === 'counter') this.counters.set(name, new Counter(settings))
      else this.gauges.set(name, new Gauge(settings))
    }
  }

  /**
   * Counts and times every request of the routes added after this. An answer is counted when it is sent: to wait until
   * the last byte has left costs two listeners on every one of them.
   */
  watch(app: FastifyInstance): void {
    app.decorateRequest('startedAt', 0)
    app.addHook('onRequest', (request, _, done) => {
      request.startedAt = performance.now()
      done()
    })
    app.addHook('onRoute', (route) => {
      const figures = this.requests.of(route.url)
      addRouteHook(route, 'onSend', (request, reply, _, done) => {
        figures.count(reply.statusCode, (performance.now() - request.startedAt) / 1000)
        done()
      })
    })
  }

  /** A request that is of no route was answered. */
  unrouted(status: number): void {
    this.requests.of('none').count(status)
  }

  /** A stream of a route has begun; it is counted, its time means nothing. */
  streaming(route: string): void {
    this.requests.of(route).count(200)
  }

  /** Counts what happens in the service. Answers how to stop. */
  follow(events: Pick<EventHub, 'on'>): () => void {
    return events.on((event) => {
      this.onEvent(event)
    })
  }

  /** A verdict was answered, whether it was computed for that or before. */
  answered(verdict: Verdict): void {
    this.unscraped[verdict] += 1
  }

  /** The newest reading of a series. */
  drift({ symbol, widthMs }: SeriesKey, { measures }: DriftReading): void {
    for (const { metric, value, limit } of measures) {
      const labels = { series: `${symbol} ${formatTimeframe(widthMs)}`, metric }
      this.gauge('bullpen_drift').set(labels, value)
      this.gauge('bullpen_drift_limit').set(labels, limit)
    }
  }

  /** The text of a scrape. */
  async text({ series, listeners, isReady }: ServiceFigures): Promise<string> {
    for (const { name, version, modelAgeMs, dataAgeMs, stale, demoted } of series) {
      const labels = { series: name }
      this.gauge('bullpen_data_stale').set(labels, Number(stale))
      this.gauge('bullpen_model_demoted').set(labels, Number(demoted))
      this.set('bullpen_data_age_seconds', labels, dataAgeMs === null ? null : dataAgeMs / 1000)
      this.set('bullpen_model_version', labels, version)
      this.set('bullpen_model_age_seconds', labels, modelAgeMs === null ? null : modelAgeMs / 1000)
    }
    this.gauge('bullpen_event_listeners').set(listeners)
    this.gauge('bullpen_ready').set(Number(isReady))
    for (const [verdict, counter] of Object.entries(answeredCounters) as [Verdict, NameOf<'counter'>][]) {
      this.counter('cnt_signal_total').inc(this.unscraped[verdict])
      this.counter(counter).inc(this.unscraped[verdict])
      this.unscraped[verdict] = 0
    }
    return `${this.requests.text(requestMetrics)}\n${await this.registry.metrics()}`
  }

  private onEvent(event: ServiceEvent): void {
    if (event.kind === 'verdict') this.counter('bullpen_verdicts_total').inc({ verdict: event.given.verdict })
    else if (event.kind === 'model') this.counter('bullpen_model_swaps_total').inc()
    else if (event.kind === 'model-refused') this.counter('bullpen_model_refused_total').inc({ code: event.code })
    else if (event.kind === 'rollback') this.counter('bullpen_model_rollbacks_total').inc()
  }

  private counter(name: NameOf<'counter'>): Counter {
    return this.counters.get(name)!
  }

  private gauge(name: NameOf<'gauge'>): Gauge {
    return this.gauges.get(name)!
  }

  /** What is not known is left out: a zero would be an answer. */
  private set(name: NameOf<'gauge'>, labels: Readonly<Record<string, string>>, value: number | null): void {
    if (value === null) this.gauge(name).remove(labels)
    else this.gauge(name).set(labels, value)
  }
}

const answeredCounters = {
  sell: 'cnt_signal_down_total',
  hold: 'cnt_signal_hold_total',
  buy: 'cnt_signal_up_total',
} as const satisfies Record<Verdict, NameOf<'counter'>>
