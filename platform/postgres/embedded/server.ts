import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { BullpenError } from '#core/errors'
import { findBinaries } from './binaries.ts'
import {
  databaseUser,
  ensureDataFolder,
  makeSocketFolder,
  postmasterPath,
  readPostmasterFile,
  removeSocketFolder,
  serverEnvironment,
  type Place,
} from './data-folder.ts'
import { chooseLauncher } from './launcher.ts'
import { commandLine, identify } from '#platform/processes'

/** Options of `pg` to reach a server. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

const port = 5432
/** Crash recovery replays at most max_wal_size (1 GB): seconds on any disk, so a minute is generous. */
const answerTimeoutMs = 60_000
const logLimitBytes = 4 << 20

/**
 * The server of this folder if one runs and answers, null when there is none. Call while holding the folder's lock.
 * A server that is alive but answers nobody within a minute is ended.
 */
export async function findServer(place: Place): Promise<Address | null> {
  const file = readPostmasterFile(place)
  if (file === null) return null
  const address = addressAt(file.socketFolder || place.folder)
  if ((await knock(address)) === 'open') return address
  if (!isPostmaster(file.pid, place)) {
    // Left by a server that was killed. PostgreSQL removes such files itself unless the pid seems in use, which a
    // later process of that number and even a zombie make it. Without them it still refuses to start while old
    // backends hold the shared memory of this data folder.
    rmSync(postmasterPath(place), { force: true })
    rmSync(join(address.host, `.s.PGSQL.${port}.lock`), { force: true })
    return null
  }
  return (await waitForAnswer(address, () => isPostmaster(file.pid, place))) ? address : endServer(place, file.pid)
}

/** Starts the server of this folder, making the data folder first if need be. Call while holding the folder's lock. */
export async function startServer(place: Place, onNote: (text: string) => void): Promise<Address> {
  const launcher = chooseLauncher()
  const binaries = findBinaries()
  if (launcher.note !== null) onNote(launcher.note)
  await ensureDataFolder(place, launcher, binaries)
  const sockets = makeSocketFolder(place)
  rotateLog(place)
  // fsync stays on: the registry must survive a power cut.
  const settings = {
    listen_addresses: '',
    port: String(port),
    unix_socket_directories: `"${sockets.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    max_connections: '100',
    shared_buffers: '64MB',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    io_method: 'sync',
    jit: 'off',
    timezone: 'UTC',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program, ...rest] = [...launcher.prefix, binaries.postgres, '-D', place.data, ...options]
  await launch(program!, rest, place, addressAt(sockets))
  return addressAt(sockets)
}

/** Stops the server: clients are disconnected, everything is written. Resolves when its process is gone. */
export async function stopServer(place: Place): Promise<void> {
  const file = readPostmasterFile(place)
  if (file === null || !isPostmaster(file.pid, place)) return
  await endServer(place, file.pid)
  removeSocketFolder(place)
}

async function launch(program: string, args: string[], place: Place, address: Address): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const logStart = existsSync(place.log) ? statSync(place.log).size : 0
    const log = openSync(place.log, 'a', 0o600)
    // Detached: Ctrl-C in the terminal goes to us, who stop the server when we are done with it.
    const options = { cwd: place.folder, env: serverEnvironment, detached: true } as const
    const child = spawn(program, args, { ...options, stdio: ['ignore', log, log] })
    closeSync(log)
    child.unref()
    let ended = false
    child.once('exit', () => (ended = true)).once('error', () => (ended = true))
    if (await waitForAnswer(address, () => !ended)) return
    if (!ended) child.kill('SIGQUIT')
    const said = readFileSync(place.log).subarray(logStart).toString().trim()
    // Backends of a server that was killed notice within moments and go; until then their memory is in use. And a
    // process killed while it started the server leaves one that is still starting.
    const passes = /pre-existing shared memory block|lock file .* already exists/.test(said)
    if (attempt >= 20 || !passes) {
      const last = said.split('\n').filter((line) => /FATAL|ERROR|PANIC/.test(line))
      const reason = `the server did not start (${place.log}): ${last.at(-1) ?? (said.slice(-300) || 'it said nothing')}`
      throw new BullpenError('DATABASE_UNAVAILABLE', { database: place.folder, reason })
    }
    await delay(250)
  }
}

/** Fast shutdown, then harder; resolves null when the process is gone. */
async function endServer(place: Place, pid: number): Promise<null> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isPostmaster(pid, place)) return null
    process.kill(pid, signal)
    const deadline = Date.now() + (signal === 'SIGINT' ? 30_000 : 5_000)
    while (isPostmaster(pid, place) && Date.now() < deadline) await delay(5)
  }
  return null
}

function isPostmaster(pid: number, place: Place): boolean {
  return identify(pid) !== null && commandLine(pid).includes(` -D ${place.data} `)
}

async function waitForAnswer(address: Address, alive: () => boolean): Promise<boolean> {
  const deadline = Date.now() + answerTimeoutMs
  while (Date.now() < deadline) {
    if ((await knock(address)) === 'open') return true
    if (!alive()) return false
    await delay(15)
  }
  return false
}

/** `open` when the server takes connections, `shut` when it does not (yet, or any more). */
async function knock(address: Address): Promise<'open' | 'shut'> {
  if (!existsSync(join(address.host, `.s.PGSQL.${address.port}`))) return 'shut'
  const client = new pg.Client({ ...address, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return 'open'
  } catch {
    return 'shut'
  } finally {
    await client.end().catch(() => undefined)
  }
}

function addressAt(host: string): Address {
  return { host, port, user: databaseUser, database: 'postgres' }
}

function rotateLog(place: Place): void {
  if (existsSync(place.log) && statSync(place.log).size > logLimitBytes) renameSync(place.log, `${place.log}.1`)
}
