import { RandomIdGenerator, type IdGenerator } from '@opentelemetry/sdk-trace-node'
import type { RunTrace } from './run-trace.ts'

/** Random ids, except for the one span that heads a run's trace. */
export class RunIdGenerator implements IdGenerator {
  private readonly random = new RandomIdGenerator()
  private next: RunTrace | undefined

  /** Starts a root span with the ids of `trace`; `start` must start exactly one span, synchronously. */
  heading<T>(trace: RunTrace, start: () => T): T {
    this.next = trace
    try {
      return start()
    } finally {
      this.next = undefined
    }
  }

  generateTraceId(): string {
    return this.next?.traceId ?? this.random.generateTraceId()
  }

  generateSpanId(): string {
    return this.next?.rootSpanId ?? this.random.generateSpanId()
  }
}
