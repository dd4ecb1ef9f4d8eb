import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'

type Done = Parameters<SpanExporter['export']>[1]

/** Passes spans on, and says once when they cannot be delivered; OpenTelemetry itself says nothing unless told to. */
export class NotingExporter implements SpanExporter {
  private readonly inner: SpanExporter
  private readonly note: (reason: string) => void
  private noted = false

  constructor(inner: SpanExporter, note: (reason: string) => void) {
    this.inner = inner
    this.note = note
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.inner.export(spans, (result) => {
      if (result.error && !this.noted) {
        this.noted = true
        this.note(result.error.message)
      }
      done(result)
    })
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown()
  }
}
