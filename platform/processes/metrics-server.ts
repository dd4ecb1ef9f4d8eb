import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BullpenError } from '#core/errors'

/** What is served under /metrics. */
export interface MetricsText {
  readonly contentType: string
  text(): Promise<string>
}

export interface MetricsServer {
  /** Where it listens, e.g. `http://127.0.0.1:9464/metrics`. */
  readonly address: string
  close(): Promise<void>
}

/**
 * Serves figures to a collector at `GET /metrics`, and nothing else. No secrets are among them and nothing can be
 * changed, so nobody has to prove who they are; it listens where it is told to. Port 0 takes a free one. Throws USAGE
 * when it cannot listen there.
 */
export async function serveMetrics(metrics: MetricsText, port: number, host: string): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new BullpenError(
          'USAGE',
          { reason: `metrics cannot be served on ${host}:${port}: ${cause.message}` },
          { cause },
        ),
      )
    })
    server.listen(port, host, resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}
