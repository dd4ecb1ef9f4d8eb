import { mkdir, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { BullpenError } from '#core/errors'
import type { Rental } from '#core/protocol'
import { pause, waitOut } from '#platform/attempts'
import { redactText } from '#platform/logging'
import { identify, startBoundChild, type BoundChild, type ChildEnd } from '#platform/processes'
import { readKeeperFile, writeKeeperFile } from './keeper-file.ts'
import type { RentalBooks } from './rental-books.ts'

export interface KeepOptions {
  /** The rental that this process is. */
  readonly id: string
  /** Made for it, and removed with it. */
  readonly folder: string
  readonly command: readonly string[]
  /** How long the command may take to end once told to, ms. */
  readonly noticeMs: number
  /** How often the ledger is read, ms. */
  readonly pollMs: number
  readonly books: RentalBooks
  /** Aborts when the keeper is told to stop. */
  readonly signal: AbortSignal
  readonly note: (text: string) => void
  /** How long a database that is away is waited for at the start and at the end, ms. */
  readonly awayMs?: number
}

/** How a kept rental ended. */
export interface Kept {
  readonly id: string
  readonly because: string
  /** False when the command failed by itself. */
  readonly orderly: boolean
}

/**
 * Keeps one rented process: nothing else may let it run past its term.
 *
 *     ledger says open ─▶ folder ─▶ command runs ─┬─ its term is over (last known, while the database is away)
 *                                                 ├─ the ledger says it has ended           ─▶ SIGTERM, SIGKILL
 *                                                 ├─ told to stop                             │
 *                                                 └─ it ends by itself ───────────────────────┴─▶ ended, no folder
 *
 * Killed outright, the keeper takes the command with it; folder and open rental then are what the guard clears.
 *
 * @throws RENTAL_OVER, with nothing started; DATABASE_UNAVAILABLE when it cannot be asked; TOOL_MISSING
 */
export async function keep(options: KeepOptions): Promise<Kept> {
  const { id, books, note } = options
  const folder = resolve(options.folder)
  const rental = await openRental(options)
  await claimFolder(folder, id)
  try {
    const startedAt = Date.now()
    const file = { id, cluster: rental.cluster, pid: process.pid, startedAt }
    await writeKeeperFile(folder, { ...file, endsAt: rental.endsAt })
    const env = { ...process.env, BULLPEN_RENTAL: id }
    const child = await startBoundChild(options.command, { env, log: join(folder, 'log') })
    note(`rental ${id}: process ${child.pid} until ${new Date(rental.endsAt).toISOString()}`)
    const watch = new TermWatch(rental, options, (endsAt) => writeKeeperFile(folder, { ...file, endsAt }))
    const kept = await endOf(child, watch, options, join(folder, 'log'))
    note(`rental ${id} ended: ${kept.because}`)
    await waitAway(options, () => books.use(({ ledger }) => ledger.ended(id, kept.because, Date.now()))).catch(() => {
      note(`the ledger could not be told, the database is away; the guard or bullpen leaks --reap will`)
    })
    return kept
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The rental, when it may be started. */
async function openRental(options: KeepOptions): Promise<Rental> {
  const { id, books } = options
  const over = (reason: string): BullpenError => new BullpenError('RENTAL_OVER', { rental: id, reason })
  const rental = await waitAway(options, () => books.use(({ ledger }) => ledger.rental(id)))
  if (!rental) throw over('it was never booked')
  if (rental.endedAt !== null) throw over(`it has ended: ${rental.endedBecause ?? ''}`)
  if (rental.endsAt <= Date.now()) throw over('its term is over')
  return rental
}

async function claimFolder(folder: string, id: string): Promise<void> {
  const other = await readKeeperFile(folder)
  if (other !== null && other.pid !== process.pid && (await isKeeper(other.pid, other.id))) {
    throw new BullpenError('RENTAL_OVER', { rental: id, reason: `process ${other.pid} keeps ${other.id} in ${folder}` })
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

/** Whether that process lives and carries that rental: a pid is used again after a while. */
async function isKeeper(pid: number, id: string): Promise<boolean> {
  if (identify(pid) === null) return false
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  return environment.split('\0').includes(`BULLPEN_RENTAL=${id}`)
}

/** Waits until the child has ended or must end, and ends it. */
async function endOf(child: BoundChild, watch: TermWatch, options: KeepOptions, log: string): Promise<Kept> {
  const { id, noticeMs } = options
  const over = new AbortController()
  try {
    const first = await Promise.race([child.ended, watch.over(over.signal)])
    if (typeof first !== 'string') {
      return { id, because: `it ended by itself: ${await lastWords(first, log)}`, orderly: first.code === 0 }
    }
    await child.end(noticeMs)
    return { id, because: first, orderly: true }
  } finally {
    over.abort()
  }
}

async function lastWords({ code, signal }: ChildEnd, log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '')
  const last = text.trimEnd().split('\n').at(-1)?.trim() ?? ''
  const how = signal === null ? `status ${String(code)}` : signal
  return last === '' ? how : `${how}, last it said: ${redactText(last).slice(0, 300)}`
}

/** Follows the term of one rental in the ledger. */
class TermWatch {
  readonly #options: KeepOptions
  readonly #onRenewal: (endsAt: number) => Promise<void>
  #endsAt: number
  #place: string | null = hostname()

  constructor(rental: Rental, options: KeepOptions, onRenewal: (endsAt: number) => Promise<void>) {
    this.#options = options
    this.#endsAt = rental.endsAt
    this.#onRenewal = onRenewal
  }

  /** Why the rental must end; resolves only then, or when `done` aborts. */
  async over(done: AbortSignal): Promise<string> {
    const { signal, pollMs } = this.#options
    const waking = AbortSignal.any([signal, done])
    for (;;) {
      if (signal.aborted) return 'its keeper was told to stop'
      // Read once more when the term is over: it may have been renewed since the last look.
      const ended = await this.#read(waking)
      if (ended !== null) return ended
      if (done.aborted) return 'it ended'
      const left = this.#endsAt - Date.now()
      if (left <= 0) return 'its term was over'
      await pause(Math.min(pollMs, left), waking)
    }
  }

  /** Why the ledger says it is over; null while it is not, or when the ledger cannot be asked. */
  async #read(waking: AbortSignal): Promise<string | null> {
    const { id, books, pollMs, note } = this.#options
    const look = books.use(async ({ ledger }) => {
      const place = this.#place
      if (place !== null && (await ledger.started(id, place, Date.now()))) this.#place = null
      return ledger.rental(id)
    })
    // Near the end of the term nobody is waited for longer than between two looks.
    const rental = await Promise.race([look, pause(pollMs, waking)]).catch((error: unknown) => {
      note(`the ledger cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    })
    look.catch(() => undefined)
    if (!rental) return null
    if (rental.endedAt !== null) return `the ledger said that it had ended: ${rental.endedBecause ?? ''}`
    if (rental.endsAt === this.#endsAt) return null
    this.#endsAt = rental.endsAt
    await this.#onRenewal(rental.endsAt).catch(() => {
      note('its file could not be written: it shows an end that has been moved since')
    })
    return null
  }
}

/** A database that is away is waited for, so long. */
async function waitAway<T>({ awayMs = 30_000 }: KeepOptions, work: () => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(awayMs)
  return waitOut(work, { away: ['DATABASE_UNAVAILABLE'], signal })
}
