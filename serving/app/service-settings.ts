/** What the operator decides. */
export interface ServiceSettings {
  /** The alias whose model answers, and which promotion moves. */
  readonly alias: string
  /** Whether what needs scope `read` needs no key. */
  readonly anonymousRead: boolean
  /** Whether old data keeps the service from being ready. */
  readonly requireFresh: boolean
  /** Pages of these origins may ask from a browser; none unless given. */
  readonly corsOrigins: readonly string[]
  /** Requests a minute of one key, or of one address without a key; null: as many as come. */
  readonly ratePerMinute: number | null
  /** Requests are refused while the event loop is this far behind, ms; null: never. */
  readonly shedAboveMs: number | null
  /** A request has to arrive within this, headers and body, ms. */
  readonly requestMs: number
  /** Spans of requests are recorded. */
  readonly tracing: boolean
  readonly version: string
}
