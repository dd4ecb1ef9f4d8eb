import { randomBytes } from 'node:crypto'
import { execFile } from 'node:child_process'
import {
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sha256 } from '#core/hashing'
import type { Binaries } from './binaries.ts'
import type { Launcher } from './launcher.ts'

/** Where one embedded server keeps what it has. */
export interface Place {
  readonly folder: string
  readonly data: string
  readonly locks: string
  readonly log: string
}

export function placeUnder(folder: string): Place {
  return { folder, data: join(folder, 'data'), locks: join(folder, 'locks'), log: join(folder, 'server.log') }
}

/** The name every bullpen database has for its one user and superuser; only the socket's folder keeps others out. */
export const databaseUser = 'bullpen'

/**
 * Makes a database folder unless there is one. Built aside and renamed into place, so a kill half-way leaves none.
 * Written without waiting for the disk and then synced whole: 0.5 s instead of up to 5 s on a spinning disk.
 */
export async function ensureDataFolder(place: Place, launcher: Launcher, binaries: Binaries): Promise<void> {
  for (const name of readdirSync(place.folder)) {
    if (name.startsWith('data-draft-')) rmSync(join(place.folder, name), { recursive: true, force: true })
  }
  if (existsSync(place.data)) {
    giveTo(launcher.owner, place.data)
    return
  }
  const draft = join(place.folder, `data-draft-${randomBytes(6).toString('hex')}`)
  const options = [`--username=${databaseUser}`, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  await runInitdb(launcher, binaries, ['--pgdata', draft, ...options, '--no-instructions'], place.folder)
  await runInitdb(launcher, binaries, ['--pgdata', draft, '--sync-only'], place.folder)
  renameSync(draft, place.data)
}

/** The environment of the server: nothing of ours, so that PG* variables meant for other databases do not reach it. */
export const serverEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

async function runInitdb(launcher: Launcher, binaries: Binaries, args: string[], cwd: string): Promise<void> {
  const [program, ...rest] = [...launcher.prefix, binaries.initdb, ...args]
  try {
    await promisify(execFile)(program!, rest, { cwd, env: serverEnvironment })
  } catch (cause) {
    const { stderr = '', message } = cause as { stderr?: string; message: string }
    const complaint = /^.*(?:error|fatal|could not).*$/im.exec(stderr)?.[0] ?? message
    throw new Error(`initdb failed: ${complaint}`, { cause })
  }
}

/** When the way of launching has changed since the folder was made (see {@link Launcher}), its owner changes too. */
function giveTo(owner: { uid: number; gid: number }, path: string): void {
  if (process.getuid?.() !== 0 || statSync(path).uid === owner.uid) return
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(path, entry), owner.uid, owner.gid)
  }
  chownSync(path, owner.uid, owner.gid)
}

/** Longest path of a Unix socket: 108 bytes on Linux, 104 on macOS, each with a closing zero. */
const socketPathLimit = process.platform === 'darwin' ? 103 : 107

/**
 * The folder of the server's socket: the server's own folder, or, when its path is too long for a socket, one in the
 * temporary folder that only this user can enter. Others find it in `postmaster.pid`.
 */
export function makeSocketFolder(place: Place): string {
  const folder = socketFolder(place)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (folder !== place.folder && (found.uid !== process.getuid?.() || (found.mode & 0o777) !== 0o700)) {
    throw new Error(`${folder} belongs to someone else or is open to others`)
  }
  return folder
}

/** Undoes {@link makeSocketFolder} once the server has stopped; what is not empty stays. */
export function removeSocketFolder(place: Place): void {
  const folder = socketFolder(place)
  if (folder === place.folder) return
  try {
    rmdirSync(folder)
  } catch {
    // Gone already, or still in use.
  }
}

function socketFolder(place: Place): string {
  const fits = (folder: string): boolean => Buffer.byteLength(join(folder, '.s.PGSQL.5432')) <= socketPathLimit
  const name = `bullpen-${process.getuid?.() ?? 0}-${sha256(place.folder).slice(0, 16)}`
  return [place.folder, join(tmpdir(), name)].find(fits) ?? join('/tmp', name)
}

/** What a running server writes into `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number
  readonly port: number
  readonly socketFolder: string
}

export function readPostmasterFile(place: Place): PostmasterFile | null {
  let lines: string[]
  try {
    lines = readFileSync(postmasterPath(place), 'utf8').split('\n')
  } catch {
    return null
  }
  return { pid: Number(lines[0]), port: Number(lines[3]), socketFolder: lines[4]?.trim() ?? '' }
}

export function postmasterPath(place: Place): string {
  return join(place.data, 'postmaster.pid')
}
