export interface TracingOptions {
  /** Base URL of an OTLP/HTTP receiver (`OTEL_EXPORTER_OTLP_ENDPOINT`); undefined leaves tracing off. */
  readonly endpoint: string | undefined
  /** `service.name` of this process's spans, e.g. `bullpen-coordinator`. */
  readonly service: string
  /** Name of this machine, on every span. */
  readonly host: string
  /** Told once, in one line, when spans cannot be delivered. */
  readonly onNote: (text: string) => void
}
