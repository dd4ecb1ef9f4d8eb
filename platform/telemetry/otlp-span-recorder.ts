import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  SamplingDecision,
  type Sampler,
} from '@opentelemetry/sdk-trace-node'
import { BullMQOtel } from 'bullmq-otel'
import { asBullpenError, errorTable } from '#core/errors'
import { NotingExporter } from './noting-exporter.ts'
import { RunIdGenerator } from './run-id-generator.ts'
import { runTrace } from './run-trace.ts'
import type { SpanAttributes, SpanPlace, SpanRecorder } from './spans.ts'
import type { TracingOptions } from './tracing-options.ts'

/** One export, ms; the last one holds up the end of the command for as long. */
const exportTimeoutMs = 3000

/**
 * Records spans and sends them in batches by OTLP/HTTP. The queue is bounded: what does not fit is dropped. Only spans
 * of a run or a request are kept: BullMQ's housekeeping outside of runs would be a trace of its own every few seconds.
 */
export class OtlpSpanRecorder implements SpanRecorder {
  readonly queue: BullMQOtel
  private readonly ids = new RunIdGenerator()
  private readonly provider: NodeTracerProvider
  private readonly tracer: Tracer
  private readonly host: string
  private readonly exporter: NotingExporter

  constructor({ endpoint, service, host, onNote }: TracingOptions & { readonly endpoint: string }) {
    this.host = host
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
    this.exporter = new NotingExporter(new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs }), (reason) => {
      // The host only: the address may carry credentials.
      onNote(`traces: ${new URL(url).host} takes none (${reason}); going on without`)
    })
    this.provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'host.name': host, 'process.pid': process.pid }),
      sampler: new ParentBasedSampler({ root: spansOfWork }),
      idGenerator: this.ids,
      spanProcessors: [
        new BatchSpanProcessor(this.exporter, {
          maxQueueSize: 4096,
          maxExportBatchSize: 512,
          scheduledDelayMillis: 1000,
          exportTimeoutMillis: exportTimeoutMs + 1000,
        }),
      ],
    })
    this.provider.register()
    this.tracer = this.provider.getTracer('bullpen')
    this.queue = new BullMQOtel({ tracerName: 'bullmq' })
    // Loops that BullMQ starts inside a span must not hang everything they do later under it.
    Object.assign(this.queue.contextManager, { root: () => ROOT_CONTEXT })
  }

  record<T>(name: string, attributes: SpanAttributes, place: SpanPlace, work: () => Promise<T>): Promise<T> {
    const { span, parent } = this.start(name, { 'host.name': this.host, ...attributes }, place)
    return context.with(trace.setSpan(parent, span), async () => {
      try {
        return await work()
      } catch (thrown) {
        const { code, message } = asBullpenError(thrown)
        span.setAttribute('bullpen.error', code)
        // A request that was refused as it should be is no failure of whoever answers it.
        const isRefusal = place.under === 'caller' && errorTable[code].http < 500
        if (!isRefusal) span.setStatus({ code: SpanStatusCode.ERROR, message })
        throw thrown
      } finally {
        span.end()
      }
    })
  }

  async stop(): Promise<void> {
    // A failing last export leaves the exporter open.
    await this.provider.shutdown().catch(() => this.exporter.shutdown())
    trace.disable()
    context.disable()
    propagation.disable()
  }

  private start(name: string, attributes: SpanAttributes, place: SpanPlace): { span: Span; parent: Context } {
    const current = context.active()
    const options = { attributes }
    if (place.under === 'current') return { span: this.tracer.startSpan(name, options, current), parent: current }
    if (place.under === 'caller') {
      const parent = propagation.extract(ROOT_CONTEXT, place.headers)
      return { span: this.tracer.startSpan(name, { ...options, kind: SpanKind.SERVER }, parent), parent }
    }
    if (place.under === 'trace' && !place.resumed) {
      const start = () => this.tracer.startSpan(name, { ...options, root: true }, current)
      return { span: this.ids.heading(runTrace(place.runId), start), parent: current }
    }
    const parent = inTraceOf(place.runId, current)
    return { span: this.tracer.startSpan(name, options, parent), parent }
  }
}

/** The current context when its span belongs to the run, otherwise one right under the run's root. */
function inTraceOf(runId: string, current: Context): Context {
  const { traceId, rootSpanId } = runTrace(runId)
  if (trace.getSpanContext(current)?.traceId === traceId) return current
  return trace.setSpanContext(current, {
    traceId,
    spanId: rootSpanId,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  })
}

const off = new AlwaysOffSampler()

/** Keeps a span without a parent only when it names its run or its request. */
const spansOfWork: Sampler = {
  shouldSample(_context, _traceId, _name, _kind, attributes) {
    if (attributes['bullpen.run'] === undefined && attributes['bullpen.request'] === undefined)
      return off.shouldSample()
    return { decision: SamplingDecision.RECORD_AND_SAMPLED }
  },
  toString: () => 'spans of runs and requests',
}
