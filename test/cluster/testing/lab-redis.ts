import { mkdirSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { LabHost } from './lab-network.ts'
import { LabProcess } from './lab-process.ts'
import { until } from './until.ts'

const password = 'lab-redis-password'

/** A redis-server that hosts reach over the bridge, and the test over a socket. */
export class LabRedis {
  readonly url: string
  private readonly host: LabHost
  private readonly folder: string
  private readonly socket: string
  private server: LabProcess | undefined

  constructor(host: LabHost, folder: string) {
    this.host = host
    this.folder = join(folder, 'redis')
    this.socket = join(this.folder, 'socket')
    this.url = `redis://:${password}@${host.address}:6379`
    mkdirSync(this.folder)
  }

  /** Starts the server with what it last wrote to disk; resolves when it answers. */
  async start(): Promise<void> {
    const settings = [
      `bind ${this.host.address}`,
      'port 6379',
      `requirepass ${password}`,
      `unixsocket ${this.socket}`,
      `dir ${this.folder}`,
      'appendonly yes',
      'appendfsync always',
      'save ""',
      'maxmemory-policy noeviction',
    ]
    const server = new LabProcess(this.host, ['redis-server', '-'], {}, settings.join('\n'))
    this.server = server
    const gone = server.done.then(({ stdout }) => {
      throw new Error(`redis-server ended:\n${stdout}`)
    })
    gone.catch(() => undefined)
    await Promise.race([gone, until('an answer of Redis', () => this.ask('PING').catch(() => null))])
  }

  /** SIGTERM lets it write what it has first. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.server?.end(signal)
    this.server = undefined
  }

  /** Drops every key. */
  async flush(): Promise<void> {
    await this.ask('FLUSHALL')
  }

  /** One command without arguments; answers its reply as it came. */
  ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const connection = createConnection(this.socket, () => connection.write(`AUTH ${password}\r\n${command}\r\n`))
      let reply = ''
      connection.setTimeout(2_000, () => connection.destroy(new Error(`no reply to ${command}`)))
      connection.on('error', reject)
      connection.on('data', (chunk) => {
        reply += chunk.toString()
        const [, answer] = reply.split('\r\n')
        if (!reply.endsWith('\r\n') || answer === undefined || answer === '') return
        connection.end()
        if (/^[-]/m.test(reply)) reject(new Error(reply.trim()))
        else resolve(answer)
      })
    })
  }
}
