import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { makeCertificate, type Certificate } from './certificate.ts'

export interface RedisServerOptions {
  /** Password of the default user; none unless told. */
  readonly password?: string
  /** A second user with that password and every right; the default user keeps `password`. */
  readonly user?: { readonly name: string; readonly password: string }
  /** Listens with TLS only, with a certificate of its own for `localhost` and 127.0.0.1. */
  readonly tls?: boolean
  /** Keeps its data in an append-only file, so that it survives `kill` and `restart`. Otherwise nothing is kept. */
  readonly appendonly?: boolean
  /** Further lines of redis.conf. */
  readonly config?: readonly string[]
  /** Address to listen on, 127.0.0.1 unless told; also the one in `url`. */
  readonly host?: string
  /** What goes before the program, e.g. `['ip', 'netns', 'exec', 'NAME']`; the server must be reachable from here. */
  readonly prefix?: readonly string[]
}

/**
 * A throwaway redis-server on a free port: it keeps its port over `kill`, `start` and `restart`, writes only into a
 * temporary folder, and dies with the thread that started it, however that ends. Always `stop` it.
 *
 *     starting --> up --kill--> down --start--> up        any --stop--> gone
 */
export class RedisServer {
  readonly port: number
  readonly host: string
  /** With user and password, when it has them. */
  readonly url: string
  /** The certificate authority to trust, of a server with TLS. */
  readonly certificate: Certificate | undefined
  readonly #folder: string
  readonly #options: RedisServerOptions
  #child: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()

  private constructor(port: number, folder: string, options: RedisServerOptions) {
    this.port = port
    this.host = options.host ?? '127.0.0.1'
    this.#folder = folder
    this.#options = options
    this.certificate = options.tls ? makeCertificate(folder) : undefined
    const { user, password, tls } = options
    const login = user ? `${user.name}:${user.password}@` : password ? `:${password}@` : ''
    this.url = `${tls ? 'rediss' : 'redis'}://${login}${this.host}:${port}`
    writeFileSync(join(folder, 'redis.conf'), this.#conf(), { mode: 0o600 })
  }

  /** Rejects with what the server printed when it does not come up. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    for (let left = 5; ; left--) {
      const port = await freePort(options.host ?? '127.0.0.1')
      const server = new RedisServer(port, mkdtempSync(join(tmpdir(), 'bullpen-redis-')), options)
      try {
        await server.start()
        return server
      } catch (error) {
        await server.stop()
        // Another process may have taken the port since it was found free.
        if (left === 0 || !String(error).includes('Address already in use')) throw error
      }
    }
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Starts it again after `kill`; resolves when it answers. */
  async start(): Promise<void> {
    const { prefix = [] } = this.#options
    const conf = join(this.#folder, 'redis.conf')
    // With setpriv the kernel ends it when the thread that started it is gone, even by SIGKILL.
    const words = [...prefix, 'setpriv', '--pdeathsig', 'KILL', 'redis-server', conf]
    const child = spawn(words[0]!, words.slice(1), { stdio: 'ignore' })
    this.#child = child
    let hasExited = false
    this.#exited = new Promise((resolve) => {
      const end = () => {
        hasExited = true
        resolve()
      }
      child.once('exit', end)
      child.once('error', end)
    })
    const client = this.connect()
    const failure = this.#exited.then(() => {
      throw new Error(`redis-server ended at its start:\n${this.log()}`)
    })
    try {
      await Promise.race([client.ping(), failure])
    } finally {
      client.disconnect()
      if (!hasExited) failure.catch(() => undefined)
    }
  }

  /** A client for what a test itself wants of the server; `disconnect` it. It waits while the server is down. */
  connect(): Redis {
    const { password, user } = this.#options
    const client = new Redis({
      host: this.host,
      port: this.port,
      ...(user ? { username: user.name, password: user.password } : password ? { password } : {}),
      ...(this.certificate ? { tls: { ca: this.certificate.ca } } : {}),
      maxRetriesPerRequest: null,
      retryStrategy: () => 20,
      disconnectTimeout: 200,
    })
    client.on('error', () => undefined)
    return client
  }

  /** Drops every key, as an operator's FLUSHALL would. */
  async flush(): Promise<void> {
    await this.command('FLUSHALL')
  }

  /** Changes a setting while it runs, e.g. `maxmemory`. */
  async configure(name: string, value: string): Promise<void> {
    await this.command('CONFIG', 'SET', name, value)
  }

  /** Runs one command and answers its reply. */
  async command(name: string, ...rest: (string | number)[]): Promise<unknown> {
    const client = this.connect()
    try {
      return await client.call(name, ...rest)
    } finally {
      client.disconnect()
    }
  }

  /** SIGKILL; resolves when it is gone. Without `appendonly` its data is gone too. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#exited
    this.#child = undefined
  }

  /** `kill`, then `start` on the same port. */
  async restart(): Promise<void> {
    await this.kill()
    await this.start()
  }

  /** Stops answering without closing a connection, as behind a cut cable, until `thaw`. */
  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Ends it and removes its folder. Idempotent. */
  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** What it has printed so far. */
  log(): string {
    try {
      return readFileSync(join(this.#folder, 'redis.log'), 'utf8')
    } catch {
      return '(nothing printed)'
    }
  }

  #conf(): string {
    const { password, user, tls, appendonly, config = [] } = this.#options
    return [
      `bind ${this.host}`,
      `dir ${this.#folder}`,
      `logfile ${join(this.#folder, 'redis.log')}`,
      'save ""',
      // `always`: what a test has seen happen is on disk when it kills the server.
      ...(appendonly ? ['appendonly yes', 'appendfsync always'] : ['appendonly no']),
      ...(this.certificate
        ? [
            'port 0',
            `tls-port ${this.port}`,
            `tls-cert-file ${this.certificate.certFile}`,
            `tls-key-file ${this.certificate.keyFile}`,
            'tls-auth-clients no',
          ]
        : [`port ${this.port}`]),
      ...(tls ? [`tls-ca-cert-file ${this.certificate!.caFile}`] : []),
      ...(password ? [`requirepass ${password}`] : []),
      ...(user ? [`user ${user.name} on >${user.password} ~* &* +@all`] : []),
      'protected-mode no',
      'enable-debug-command yes',
      ...config,
      '',
    ].join('\n')
  }
}

async function freePort(host: string): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, host, resolve)
  })
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
