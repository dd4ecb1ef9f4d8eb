import { setSpanRecorder } from './spans.ts'
import type { TracingOptions } from './tracing-options.ts'

/** Tracing of this process. */
export interface Tracing {
  /** Sends what is left, for at most some seconds, and switches spans off. Never rejects. Idempotent. */
  readonly stop: () => Promise<void>
}

/**
 * Switches spans on when there is somewhere to send them. OpenTelemetry is loaded only then: no other command waits
 * for it. A receiver that is slow, full or away costs spans, never a run.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { endpoint } = options
  if (endpoint === undefined) return { stop: () => Promise.resolve() }
  const { OtlpSpanRecorder } = await import('./otlp-span-recorder.ts')
  const recorder = new OtlpSpanRecorder({ ...options, endpoint })
  setSpanRecorder(recorder)
  return {
    stop: async () => {
      setSpanRecorder(undefined)
      await recorder.stop()
    },
  }
}
