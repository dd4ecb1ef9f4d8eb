import { sha256Json } from '#core/hashing'

/** Ids of a run's trace, in OpenTelemetry's form: 32 and 16 lowercase hex digits. */
export interface RunTrace {
  readonly traceId: string
  readonly rootSpanId: string
}

/**
 * The trace of a run follows from its id alone. So a resumed run goes on in the same trace, and an agent that is told
 * of a task by a job without trace context (told again after Redis was flushed, say) still knows where its span belongs.
 */
export function runTrace(runId: string): RunTrace {
  const hash = sha256Json({ trace: runId })
  return { traceId: hash.slice(0, 32), rootSpanId: hash.slice(32, 48) }
}
