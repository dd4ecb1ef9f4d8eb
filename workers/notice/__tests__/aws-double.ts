import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The part of EC2's instance metadata service, version 2, that tells of interruptions. */
export class AwsDouble {
  /** Documents below /latest/meta-data/; what is absent answers 404. */
  readonly documents = new Map<string, string>()
  tokensGiven = 0
  /** Answers every question with this status, when set. */
  failWith: number | null = null
  private validToken = ''
  private readonly server: Server

  constructor() {
    this.server = createServer(({ method, url = '', headers }, response) => {
      if (this.failWith !== null) {
        response.writeHead(this.failWith).end()
      } else if (method === 'PUT' && url === '/latest/api/token') {
        const seconds = Number(headers['x-aws-ec2-metadata-token-ttl-seconds'])
        if (!(seconds >= 1 && seconds <= 21_600)) response.writeHead(400).end()
        else response.writeHead(200).end((this.validToken = `token-${++this.tokensGiven}`))
      } else if (headers['x-aws-ec2-metadata-token'] !== this.validToken) {
        response.writeHead(401).end()
      } else {
        const document = this.documents.get(url.replace('/latest/meta-data/', ''))
        response.writeHead(document === undefined ? 404 : 200).end(document)
      }
    })
  }

  /** Tokens given so far are no longer accepted. */
  expireTokens(): void {
    this.validToken = 'none'
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}
