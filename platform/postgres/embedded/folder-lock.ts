import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { BullpenError } from '#core/errors'
import { identify, isAlive, type ProcessIdentity } from '#platform/processes'

/**
 * Runs `work` while no other process holds the lock of `folder`. A holder that dies loses it.
 *
 * Node has no flock, and breaking a stale lock file by deleting it lets two breakers both win. Here the lock is a row
 * of numbered files instead, and the highest number says who holds it: `held <pid> <start>` or `free`. To take it a
 * process links file n+1 into place, which only one can do, after having seen that n is free or its holder dead.
 * The highest file is never deleted, so numbers never fall and a late contender for an old number finds itself
 * outnumbered and starts over.
 *
 * @throws DATABASE_UNAVAILABLE when a live process keeps the lock longer than `timeoutMs`.
 */
export async function withFolderLock<T>(folder: string, work: () => Promise<T>, timeoutMs = 120_000): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const mine = await acquire(folder, Date.now() + timeoutMs)
  try {
    return await work()
  } finally {
    writeLock(folder, mine, 'free', renameSync)
  }
}

async function acquire(folder: string, deadline: number): Promise<number> {
  const self = identify(process.pid)!
  for (;;) {
    const highest = Math.max(0, ...numbers(folder))
    const holder = highest === 0 ? null : liveHolder(folder, highest)
    if (holder === null && tryNumber(folder, highest + 1, self)) return highest + 1
    if (Date.now() > deadline) {
      const reason = `process ${holder?.pid ?? 'unknown'} has kept the lock ${folder} too long`
      throw new BullpenError('DATABASE_UNAVAILABLE', { database: folder, reason })
    }
    if (holder !== null) await delay(20)
  }
}

function tryNumber(folder: string, number: number, self: ProcessIdentity): boolean {
  if (!writeLock(folder, number, `held ${self.pid} ${self.started}`, linkSync)) return false
  const others = numbers(folder).filter((n) => n !== number)
  if (others.some((n) => n > number)) {
    rmSync(join(folder, lockName(number)))
    return false
  }
  for (const n of others) rmSync(join(folder, lockName(n)), { force: true })
  return true
}

/** Puts a lock file in place whole, by link (fails when it exists) or rename (replaces). */
function writeLock(folder: string, number: number, content: string, place: typeof linkSync): boolean {
  const draft = join(folder, `draft-${randomBytes(8).toString('hex')}`)
  writeFileSync(draft, content)
  try {
    place(draft, join(folder, lockName(number)))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function liveHolder(folder: string, number: number): ProcessIdentity | null {
  let content: string
  try {
    content = readFileSync(join(folder, lockName(number)), 'utf8')
  } catch {
    return null // Outnumbered and deleted meanwhile: taking number + 1 will fail and start over.
  }
  const [, pid, started] = /^held (\d+) (.*)$/s.exec(content) ?? []
  if (pid === undefined || started === undefined) return null
  const holder = { pid: Number(pid), started }
  return isAlive(holder) ? holder : null
}

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => /^lock-\d+$/.test(name))
    .map((name) => Number(name.slice('lock-'.length)))
}

function lockName(number: number): string {
  return `lock-${number}`
}
