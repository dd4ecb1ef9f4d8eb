import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * As much of S3 as the object store and the state of terraform use, in memory: PUT (`If-None-Match: *` too), GET, HEAD and
 * DELETE of path-style keys in any bucket but `missing`, and lists. Signatures are not checked. What a real server adds (signatures, trailers, quotas) is tested by `npm run test:s3`.
 */
export class S3Double {
  readonly objects = new Map<string, Uint8Array>()
  /** Status to answer every request with, to see what failures become. */
  failWith: number | null = null
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      void read(request).then((body) => {
        const [status, content] = this.#answer(request, body)
        response.writeHead(status, { 'content-length': content.byteLength })
        response.end(request.method === 'HEAD' ? undefined : content)
      })
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer({ method, url, headers }: IncomingMessage, body: Uint8Array): [number, Uint8Array] {
    const { pathname, searchParams } = new URL(url ?? '/', 'http://x')
    const key = decodeURIComponent(pathname)
    if (this.failWith !== null) return [this.failWith, errorBody('SlowDown')]
    if (key.startsWith('/missing/')) return [404, errorBody('NoSuchBucket')]
    if (searchParams.has('list-type')) return [200, this.#list(key, searchParams.get('prefix') ?? '')]
    if (method === 'PUT') {
      // As Ceph does.
      if ('x-amz-server-side-encryption' in headers) return [400, errorBody('InvalidRequest')]
      if (headers['if-none-match'] === '*' && this.objects.has(key)) return [412, errorBody('PreconditionFailed')]
      this.objects.set(key, body)
      return [200, new Uint8Array()]
    }
    if (method === 'DELETE') {
      this.objects.delete(key)
      return [204, new Uint8Array()]
    }
    const content = this.objects.get(key)
    return content === undefined ? [404, errorBody('NoSuchKey')] : [200, content]
  }

  #list(bucket: string, prefix: string): Uint8Array {
    const start = `${bucket.replace(/\/$/, '')}/`
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(start + prefix))
    const contents = keys.map((key) => `<Contents><Key>${key.slice(start.length)}</Key></Contents>`)
    return new TextEncoder().encode(`<?xml version="1.0"?><ListBucketResult>${contents.join('')}</ListBucketResult>`)
  }
}

async function read(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function errorBody(code: string): Uint8Array {
  return new TextEncoder().encode(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}
