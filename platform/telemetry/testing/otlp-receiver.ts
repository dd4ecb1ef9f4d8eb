import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as a receiver of OTLP/HTTP JSON sees it. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly service: unknown
  readonly pid: unknown
  readonly failed: boolean
}

/** A receiver on a free port of this machine. */
export interface OtlpReceiver {
  readonly endpoint: string
  readonly spans: readonly ReceivedSpan[]
  /** Requests that came, answered or not. */
  readonly requests: number
  close(): Promise<void>
}

type Attributes = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]

/** `status` is what every request is answered with. */
export async function openOtlpReceiver(status = 200): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    void readBody(request).then((body) => {
      if (status === 200) spans.push(...spansOf(JSON.parse(body) as OtlpDocument))
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    get requests() {
      return requests
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
      })
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

interface OtlpDocument {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes }
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes'> & {
        readonly attributes: Attributes
        readonly status?: { readonly code?: number }
      })[]
    }[]
  }[]
}

function spansOf(document: OtlpDocument): ReceivedSpan[] {
  return document.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const { 'service.name': service, 'process.pid': pid } = plain(resource.attributes)
    return scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        ...span,
        attributes: plain(span.attributes),
        service,
        pid,
        failed: span.status?.code === 2,
      })),
    )
  })
}

function plain(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
