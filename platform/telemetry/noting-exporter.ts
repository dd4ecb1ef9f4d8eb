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
    this.inner.export(spans, ({ code, error }) => {
      if (error && !this.noted) {
        this.noted = true
        this.note(error.message)
      }
      done({ code: 0 })
    })
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown()
  }
}
