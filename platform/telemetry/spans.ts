import type { BullMQOtel } from 'bullmq-otel'

/** Facts about a piece of work, e.g. `{ 'bullpen.trial': 7 }`; undefined ones are left out. Never a secret. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>

/** One attempt of a task. */
export interface TaskSpan {
  readonly runId: string
  readonly key: string
  readonly name: string
  /** 1 for the first attempt. */
  readonly attempt: number
  /** Who runs it. */
  readonly worker: string
}

/** Headers of a request; those that W3C Trace Context names say which trace it belongs to. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** Where a span goes: under what runs now, under whoever sent a request, at the head of a run's trace, or somewhere in that trace. */
export type SpanPlace =
  | { readonly under: 'current' }
  | { readonly under: 'caller'; readonly headers: RequestHeaders }
  | { readonly under: 'run'; readonly runId: string }
  | { readonly under: 'trace'; readonly runId: string; readonly resumed: boolean }

/** What a tracer that is switched on can do. */
export interface SpanRecorder {
  record<T>(name: string, attributes: SpanAttributes, place: SpanPlace, work: () => Promise<T>): Promise<T>
  readonly queue: BullMQOtel
}

// One per process, as OpenTelemetry's own context is: spans find their parents by asynchronous context.
let recorder: SpanRecorder | undefined

/** Switches spans on, or off with undefined. */
export function setSpanRecorder(next: SpanRecorder | undefined): void {
  recorder = next
}

/** Runs `work` as a span under the one that runs now. Without tracing it is just `work()`. */
export function withSpan<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
  return recorder ? recorder.record(name, attributes, { under: 'current' }, work) : work()
}

/** Runs `work` as the span of a request, in the trace of whoever sent it if that has one, else in a trace of its own. */
export function withRequestSpan<T>(
  name: string,
  { id, headers }: { readonly id: string; readonly headers: RequestHeaders },
  attributes: SpanAttributes,
  work: () => Promise<T>,
): Promise<T> {
  if (!recorder) return work()
  return recorder.record(name, { 'bullpen.request': id, ...attributes }, { under: 'caller', headers }, work)
}

/** Runs `work` as the root span of a run's trace; that of a resumed run hangs under the first coordinator's. */
export function withRunSpan<T>(
  { runId, resumed }: { readonly runId: string; readonly resumed: boolean },
  attributes: SpanAttributes,
  work: () => Promise<T>,
): Promise<T> {
  if (!recorder) return work()
  const all = { 'bullpen.run': runId, 'bullpen.resumed': resumed, ...attributes }
  return recorder.record('run', all, { under: 'trace', runId, resumed }, work)
}

/** Runs one attempt of a task as a span of its run's trace, under the queue's span when that belongs to the same run. */
export function withTaskSpan<T>(task: TaskSpan, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
  if (!recorder) return work()
  const { runId, key, name, attempt, worker } = task
  const trial = /(?:^|\/)trial-(\d+)(?:\/|$)/.exec(key)?.[1]
  const all = {
    'bullpen.run': runId,
    'bullpen.task': key,
    'bullpen.trial': trial === undefined ? undefined : Number(trial),
    'bullpen.attempt': attempt,
    'bullpen.worker': worker,
    ...attributes,
  }
  return recorder.record(`task ${name}`, all, { under: 'run', runId }, work)
}

/** What BullMQ takes as its `telemetry` option, so that producer and consumer spans join the trace; undefined when off. */
export function queueTelemetry(): BullMQOtel | undefined {
  return recorder?.queue
}
