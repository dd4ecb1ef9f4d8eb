import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { findBinaries } from '../../../platform/postgres/embedded/binaries.ts'
import { serverEnvironment } from '../../../platform/postgres/embedded/data-folder.ts'
import { chooseLauncher } from '../../../platform/postgres/embedded/launcher.ts'
import type { LabHost } from './lab-network.ts'
import { LabProcess } from './lab-process.ts'
import { until } from './until.ts'

const user = 'bullpen'
const password = 'lab-postgres-password'

/** `fast` disconnects clients and writes everything; `immediate` is a crash: the next start recovers from the log. */
export type ShutdownMode = 'fast' | 'immediate'

/** A PostgreSQL that hosts reach over the bridge with a password, and the test over a socket. */
export class LabPostgres {
  /** For DATABASE_URL on the hosts. */
  readonly url: string
  /** For the test itself: over a socket, which no fault of the network reaches. */
  readonly socketUrl: string
  private readonly host: LabHost
  private readonly folder: string
  private readonly launcher = chooseLauncher()
  private readonly binaries = findBinaries()
  private server: LabProcess | undefined

  constructor(host: LabHost, folder: string) {
    this.host = host
    this.folder = join(folder, 'postgres')
    this.url = `postgres://${user}:${password}@${host.address}:5432/postgres`
    this.socketUrl = `postgres://${user}:${password}@/postgres?host=${encodeURIComponent(this.folder)}`
    mkdirSync(this.folder)
  }

  async start(): Promise<void> {
    const { folder, host } = this
    const data = join(folder, 'data')
    if (!this.server) this.makeDataFolder(data)
    const settings = {
      listen_addresses: host.address,
      unix_socket_directories: folder,
      shared_buffers: '32MB',
      dynamic_shared_memory_type: 'mmap',
      io_method: 'sync',
      jit: 'off',
      timezone: 'UTC',
    }
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const command = [...this.launcher.prefix, this.binaries.postgres, '-D', data, ...options]
    const server = new LabProcess(host, command, serverEnvironment)
    this.server = server
    const gone = server.done.then(({ stderr }) => {
      throw new Error(`PostgreSQL ended:\n${stderr}`)
    })
    gone.catch(() => undefined)
    const answers = until('an answer of PostgreSQL', async () => {
      const client = await this.connect().catch(() => null)
      await client?.end()
      return client !== null
    })
    await Promise.race([gone, answers])
  }

  /** Resolves when the server has gone. */
  async stop(mode: ShutdownMode): Promise<void> {
    await this.server?.end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  }

  /** A connection over the socket. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.socketUrl })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }

  private makeDataFolder(data: string): void {
    const passwordFile = join(this.folder, 'password')
    writeFileSync(passwordFile, password)
    const options = [`--username=${user}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8']
    const command = [...this.launcher.prefix, this.binaries.initdb, '--pgdata', data, ...options]
    const [program, ...args] = [...command, '--locale=C', '--no-sync', '--no-instructions']
    execFileSync(program, args, { cwd: this.folder, env: serverEnvironment, stdio: ['ignore', 'ignore', 'pipe'] })
    appendFileSync(join(data, 'pg_hba.conf'), `host all ${user} 10.77.0.0/24 scram-sha-256\n`)
  }
}
