import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { pause } from '#platform/attempts'
import type { MemoryRentalLedger } from '#platform/memory'
import { identify } from '#platform/processes'
import { keep, type Kept } from '../keeper.ts'
import { readKeeperFile, writeKeeperFile } from '../keeper-file.ts'
import { MemoryBooks } from '../testing/index.ts'

const id = 'blue/worker-1#1'
const hourMs = 3_600_000
const note = (): void => {
  // Nobody reads along.
}

describe('a keeper', () => {
  let base: string
  let folder: string
  let ledger: MemoryRentalLedger
  let books: MemoryBooks
  let told: AbortController

  beforeEach(async () => {
    base = mkdtempSync(join(tmpdir(), 'bullpen-keeper-'))
    folder = join(base, 'worker-1')
    books = new MemoryBooks()
    ledger = books.ledger
    told = new AbortController()
    await book(hourMs)
  })
  afterEach(() => {
    rmSync(base, { recursive: true })
  })

  const book = (ms: number) =>
    ledger.book('blue', 'local', [{ name: 'worker-1', kind: 'worker', place: '', price: null }], {
      now: Date.now(),
      endsAt: Date.now() + ms,
    })
  const start = (command: readonly string[], more: { noticeMs?: number; awayMs?: number } = {}): Promise<Kept> => {
    const times = { noticeMs: 5000, pollMs: 25, awayMs: 200, ...more }
    return keep({ id, folder, command, ...times, books, signal: told.signal, note })
  }
  const until = async (what: () => unknown): Promise<void> => {
    const deadline = Date.now() + 20_000
    while (!what()) {
      if (Date.now() > deadline) throw new Error(`waited in vain: ${String(what)}`)
      await pause(10)
    }
  }
  /** What the command has said, once it has. */
  const said = async (pattern: RegExp): Promise<string> => {
    const log = join(folder, 'log')
    await until(() => existsSync(log) && pattern.test(readFileSync(log, 'utf8')))
    return readFileSync(log, 'utf8')
  }
  const forever = ['sh', '-c', 'echo pid $$; exec sleep 600']
  const pidOf = (text: string): number => Number(/pid (\d+)/.exec(text)![1])

  test('runs its command with the rental in its environment and says where it is', async () => {
    const kept = start(['sh', '-c', 'echo "I am $BULLPEN_RENTAL"; exec sleep 600'])
    expect(await said(/I am/)).toBe(`I am ${id}\n`)
    const file = await readKeeperFile(folder)
    expect(file).toMatchObject({ id, cluster: 'blue', pid: process.pid, endsAt: (await ledger.rental(id))!.endsAt })
    told.abort()
    expect(await kept).toEqual({ id, because: 'its keeper was told to stop', orderly: true })
    const rental = await ledger.rental(id)
    expect(rental).toMatchObject({ endedBecause: 'its keeper was told to stop' })
    expect(rental!.startedAt).not.toBeNull()
    expect(existsSync(folder)).toBe(false)
  })

  test('ends it when its term is over, and tells the ledger', async () => {
    const endsAt = Date.now() + 1500
    await ledger.ended(id, 'test', Date.now())
    const [rental] = await book(1500)
    const times = { noticeMs: 5000, pollMs: 25, books, signal: told.signal, note }
    const kept = keep({ id: rental!.id, folder, command: forever, ...times })
    const pid = pidOf(await said(/pid/))
    expect(await kept).toMatchObject({ because: 'its term was over', orderly: true })
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt)
    expect(identify(pid)).toBeNull()
    expect(await ledger.rental(rental!.id)).toMatchObject({ endedBecause: 'its term was over' })
  })

  test('lets it live on when the term is renewed, also while it looks the last time', async () => {
    await ledger.ended(id, 'test', Date.now())
    const [rental] = await book(1500)
    const times = { noticeMs: 5000, pollMs: 25, books, signal: told.signal, note }
    const kept = keep({ id: rental!.id, folder, command: forever, ...times })
    await said(/pid/)
    const endsAt = rental!.endsAt + 600
    expect(await ledger.renew('blue', { now: Date.now(), endsAt })).toBe(true)
    await kept
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt)
  })

  test('says in its file when the term ends, as it has been moved', async () => {
    const kept = start(forever)
    await said(/pid/)
    const endsAt = Date.now() + 2 * hourMs
    await ledger.renew('blue', { now: Date.now(), endsAt })
    await until(() => readFileSync(join(folder, 'keeper.json'), 'utf8').includes(`"endsAt":${endsAt}`))
    told.abort()
    await kept
  })

  test('ends it at the last known end while the database is away', async () => {
    await ledger.ended(id, 'test', Date.now())
    const [rental] = await book(1500)
    const times = { noticeMs: 5000, pollMs: 25, awayMs: 50, signal: told.signal, note }
    const kept = keep({ id: rental!.id, folder, command: forever, ...times, books })
    const pid = pidOf(await said(/pid/))
    books.isAway = true
    expect(await kept).toMatchObject({ because: 'its term was over' })
    expect(identify(pid)).toBeNull()
    expect(existsSync(folder)).toBe(false)
    expect(await ledger.rental(rental!.id)).toMatchObject({ endedAt: null })
  })

  test('ends it when the ledger says that it has ended; the first reason stays', async () => {
    const kept = start(forever)
    const pid = pidOf(await said(/pid/))
    await ledger.ended(id, 'cluster down', Date.now())
    expect(await kept).toMatchObject({ because: 'the ledger said that it had ended: cluster down' })
    expect(identify(pid)).toBeNull()
    expect(await ledger.rental(id)).toMatchObject({ endedBecause: 'cluster down' })
  })

  test('kills what does not end when told to, with everything it started', async () => {
    const kept = start(['sh', '-c', 'trap "" TERM; (echo pid $$; exec sleep 600) & while :; do sleep 0.05; done'], {
      noticeMs: 100,
    })
    const pid = pidOf(await said(/pid/))
    told.abort()
    await kept
    expect(identify(pid)).toBeNull()
  })

  test('tells how a command ended by itself and what it said last, without secrets', async () => {
    const kept = start(['sh', '-c', 'echo first; echo no answer of redis://me:hunter2@host:6379; exit 3'])
    const because = 'it ended by itself: status 3, last it said: no answer of redis://[redacted]@host:6379'
    expect(await kept).toEqual({ id, because, orderly: false })
    expect(await ledger.rental(id)).toMatchObject({ endedBecause: because })
  })

  test('starts nothing for a rental that was never booked, has ended or whose term is over', async () => {
    await ledger.ended(id, 'cluster down', Date.now())
    await expect(start(forever)).rejects.toMatchObject({
      code: 'RENTAL_OVER',
      details: { reason: 'it has ended: cluster down' },
    })
    const more = { noticeMs: 0, pollMs: 25, books, signal: told.signal, note }
    await book(-1)
    const asks = ['blue/worker-1#2', 'blue/other#1'].map((other) =>
      keep({ id: other, folder, command: forever, ...more }),
    )
    const ends = await Promise.allSettled(asks)
    expect(ends).toMatchObject([{ reason: { code: 'RENTAL_OVER' } }, { reason: { code: 'RENTAL_OVER' } }])
    expect(existsSync(folder)).toBe(false)
  })

  test('starts nothing in a folder that another keeper uses, which it leaves as it is', async () => {
    const other = spawn('sleep', ['60'], { env: { PATH: process.env['PATH'], BULLPEN_RENTAL: id }, stdio: 'ignore' })
    const gone = once(other, 'exit')
    const file = { id, cluster: 'blue', pid: other.pid!, startedAt: 1, endsAt: 2 }
    await writeKeeperFile(folder, file)
    await until(() => readFileSync(`/proc/${file.pid}/environ`, 'utf8').includes(id))
    const refused = start(forever)
    await expect(refused).rejects.toMatchObject({ code: 'RENTAL_OVER' })
    await expect(refused).rejects.toThrow(`process ${file.pid} keeps ${id}`)
    expect([await readKeeperFile(folder), (await ledger.rental(id))!.startedAt]).toEqual([file, null])
    other.kill()
    await gone
  })

  test('takes over the folder of a keeper that is dead, whoever has its pid now', async () => {
    await writeKeeperFile(folder, { id, cluster: 'blue', pid: process.ppid, startedAt: 1, endsAt: 2 })
    const kept = start(forever)
    await said(/pid/)
    expect(await readKeeperFile(folder)).toMatchObject({ pid: process.pid })
    told.abort()
    await kept
    expect(existsSync(folder)).toBe(false)
  })

  test('starts nothing while nobody can be asked', async () => {
    books.isAway = true
    await expect(start(forever)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    expect(existsSync(folder)).toBe(false)
  })
})
