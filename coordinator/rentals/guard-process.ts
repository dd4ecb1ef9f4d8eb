import { spawn } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { BullpenError } from '#core/errors'
import type { InventoryItem, Rental, TargetName } from '#core/protocol'
import { pause } from '#platform/attempts'
import { identify } from '#platform/processes'
import { readKeeperFile } from './keeper-file.ts'

/** How long a guard may take to start, ms: it opens the database. Measured at a load of 15 on 2 cores: 4 s. */
const startMs = 60_000

/** What a guard is started with. */
export interface GuardPlace {
  /** BULLPEN_HOME, absolute. */
  readonly home: string
  /** The bullpen command of this machine. */
  readonly bullpen: readonly string[]
  /** What it is told by its environment beside what it inherits. */
  readonly guardSettings?: Readonly<Record<string, string>>
}

/** Folder of a guard; not among those of its cluster, which it removes. */
export function guardFolder(home: string, rental: string): string {
  return join(home, 'guards', rental.replace('/', '.'))
}

/**
 * The guard itself makes its folder: whoever starts it may be killed at any moment, and a folder without a guard would be
 * nobody's to remove.
 */
const inFolder = '(umask 077 && mkdir -p "$0" && : >>"$0/log") && exec "$@" >>"$0/log" 2>&1'

/** Starts the guard of a cluster unless it runs: detached, so that it outlives everybody. Throws TARGET_FAILED. */
export async function ensureGuard({ home, bullpen, guardSettings }: GuardPlace, guard: Rental): Promise<void> {
  const folder = guardFolder(home, guard.id)
  if ((await livingGuard(folder)) !== null) return
  const which = ['--target', guard.target, '--cluster', guard.cluster, '--id', guard.id]
  const command = [...bullpen, 'rental', 'guard', ...which, '--folder', folder]
  const env = { ...process.env, ...guardSettings, BULLPEN_HOME: home, BULLPEN_RENTAL: guard.id }
  const child = spawn('sh', ['-c', inFolder, folder, ...command], { env, detached: true, stdio: 'ignore' })
  let end: string | undefined
  child.once('exit', (code, signal) => (end = `it ended with ${signal ?? `status ${String(code)}`}`))
  child.once('error', (error) => (end = error.message))
  child.unref()
  const deadline = Date.now() + startMs
  while ((await livingGuard(folder)) === null) {
    if (end !== undefined || Date.now() > deadline) throw await notStarted(guard.target, folder, end)
    await pause(50)
  }
}

async function notStarted(
  target: TargetName,
  folder: string,
  end = 'it did not answer in time',
): Promise<BullpenError> {
  const said = await readFile(join(folder, 'log'), 'utf8').catch(() => '')
  const reason = [end, said.trim().split('\n').at(-1) ?? ''].filter((text) => text !== '').join(': ')
  return new BullpenError('TARGET_FAILED', { target, what: 'starting the guard', reason })
}

/** Ends a guard, if it runs, and removes its folder. Idempotent. */
export async function endGuard(home: string, rental: string, noticeMs = 10_000): Promise<void> {
  const folder = guardFolder(home, rental)
  const pid = await livingGuard(folder)
  const deadline = Date.now() + noticeMs
  if (pid !== null && pid !== process.pid) {
    signalTo(pid, 'SIGTERM')
    while ((await livingGuard(folder)) !== null) {
      if (Date.now() > deadline) signalTo(pid, 'SIGKILL')
      await pause(50)
    }
  }
  await rm(folder, { recursive: true, force: true })
}

/** Guards of this home, found by their folders: processes, and folders that a killed one has left. */
export async function guardItems(home: string, cluster?: string): Promise<InventoryItem[]> {
  const items: InventoryItem[] = []
  for (const name of await readdir(join(home, 'guards')).catch((): string[] => [])) {
    const rental = name.replace('.', '/')
    const of = { rental, cluster: rental.split('/')[0]!, place: hostname() }
    if (cluster !== undefined && of.cluster !== cluster) continue
    const folder = join(home, 'guards', name)
    const pid = await livingGuard(folder)
    if (pid !== null) items.push({ ...of, what: 'process', detail: `pid ${pid} bullpen rental guard` })
    items.push({ ...of, what: 'folder', detail: folder })
  }
  return items
}

/** Its pid, when it lives and is that guard and not a later process of the same number. */
async function livingGuard(folder: string): Promise<number | null> {
  const file = await readKeeperFile(folder)
  if (file === null || identify(file.pid) === null) return null
  const environment = await readFile(`/proc/${file.pid}/environ`, 'utf8').catch(() => '')
  return environment.split('\0').includes(`BULLPEN_RENTAL=${file.id}`) ? file.pid : null
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has gone by itself.
  }
}
