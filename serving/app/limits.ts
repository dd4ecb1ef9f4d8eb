/** What a client can take of the service. docs/serving.md lists the same. */
export const limits = {
  /** Largest body of a request that carries candles: 10,000 of them in their longest form. */
  bodyBytes: 2 * 1024 * 1024,
  /** Largest body of any other request. */
  smallBodyBytes: 16 * 1024,
  /** All headers and the address together. */
  headerBytes: 8192,
  /** Longest part of a path. */
  pathPart: 100,
  /** A request has to arrive within this, headers and body. */
  requestMs: 10_000,
  headersMs: 5000,
  /** An answer has to be ready within this. */
  handlerMs: 15_000,
  /** A connection without a request is closed after this. */
  keepAliveMs: 65_000,
  connections: 2000,
  /** Clients of GET /v1/events, and what may wait for one of them before it is dropped. */
  listeners: 200,
  listenerBytes: 256 * 1024,
  /** So that proxies keep the connection open. */
  heartbeatMs: 15_000,
  /** More than this behind with its work, and requests are refused. */
  eventLoopDelayMs: 500,
  /** Wrong keys an address may send in a minute. */
  wrongKeysPerMinute: 60,
  /** How long a shutdown waits for answers under way. */
  drainMs: 10_000,
} as const
