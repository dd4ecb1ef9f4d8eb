import { hostname } from 'node:os'
import type { Rental } from '#core/protocol'
import { pause } from '#platform/attempts'
import type { RentalBooks } from './rental-books.ts'

export interface TermWatchOptions {
  readonly books: RentalBooks
  /** How often the ledger is read, ms. */
  readonly pollMs: number
  /** Aborts when the process behind the rental is told to stop. */
  readonly signal: AbortSignal
  readonly note: (text: string) => void
  /** Told of every new end of the term. */
  readonly onRenewal: (endsAt: number) => Promise<void>
}

/** Why a rental must end. */
export interface TermEnd {
  readonly kind: 'stop' | 'ended' | 'lapsed'
  readonly because: string
}

/** Follows the term of one rental in the ledger, and goes by the last known end while the database is away. */
export class TermWatch {
  readonly #rental: Rental
  readonly #options: TermWatchOptions
  #endsAt: number
  #isTold = false

  constructor(rental: Rental, options: TermWatchOptions) {
    this.#rental = rental
    this.#endsAt = rental.endsAt
    this.#options = options
  }

  /** Tells the ledger that the rental exists here; resolves when it must end, or when `done` aborts. */
  async over(done: AbortSignal): Promise<TermEnd> {
    const { signal, pollMs } = this.#options
    const waking = AbortSignal.any([signal, done])
    for (;;) {
      if (signal.aborted) return { kind: 'stop', because: 'its keeper was told to stop' }
      // Read once more when the term is over: it may have been renewed since the last look.
      const ended = await this.#read(waking)
      if (ended !== null) return { kind: 'ended', because: `the ledger said that it had ended: ${ended}` }
      if (done.aborted) return { kind: 'stop', because: 'it ended' }
      const left = this.#endsAt - Date.now()
      if (left <= 0) return { kind: 'lapsed', because: 'its term was over' }
      await pause(Math.min(pollMs, left), waking)
    }
  }

  /** Why the ledger says it is over; null while it is not, or when the ledger cannot be asked. */
  async #read(waking: AbortSignal): Promise<string | null> {
    const { books, pollMs, note, onRenewal } = this.#options
    const { id } = this.#rental
    const look = books.use(async ({ ledger }) => {
      if (!this.#isTold) this.#isTold = await ledger.started(id, hostname(), Date.now())
      return ledger.rental(id)
    })
    // Near the end of the term nobody is waited for longer than between two looks.
    const rental = await Promise.race([look, pause(pollMs, waking)]).catch((error: unknown) => {
      note(`the ledger cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    })
    look.catch(() => undefined)
    if (!rental) return null
    if (rental.endedAt !== null) return rental.endedBecause ?? ''
    if (rental.endsAt === this.#endsAt) return null
    this.#endsAt = rental.endsAt
    await onRenewal(rental.endsAt).catch(() => {
      note('its file could not be written: it shows an end that has been moved since')
    })
    return null
  }
}
