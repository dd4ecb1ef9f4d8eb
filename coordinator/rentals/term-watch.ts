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
  /** Why the ledger says that it has ended. */
  #ended: string | null = null
  #isTold = false
  #isOver = false
  #looking: Promise<void> | undefined
  #telling: Promise<void> | undefined

  constructor(rental: Rental, options: TermWatchOptions) {
    this.#rental = rental
    this.#endsAt = rental.endsAt
    this.#options = options
  }

  /** Tells the ledger that the rental exists here; resolves when it must end, or when `done` aborts. */
  async over(done: AbortSignal): Promise<TermEnd> {
    const { signal, pollMs } = this.#options
    const waking = AbortSignal.any([signal, done])
    try {
      for (;;) {
        if (signal.aborted) return { kind: 'stop', because: 'its keeper was told to stop' }
        // Read once more when the term is over: it may have been renewed since the last look.
        await this.#read(waking)
        if (this.#ended !== null) {
          return { kind: 'ended', because: `the ledger said that it had ended: ${this.#ended}` }
        }
        if (done.aborted) return { kind: 'stop', because: 'it ended' }
        const left = this.#endsAt - Date.now()
        if (left <= 0) return { kind: 'lapsed', because: 'its term was over' }
        await pause(Math.min(pollMs, left), waking)
      }
    } finally {
      this.#isOver = true
      await this.#telling
    }
  }

  /** Looks, and waits for the answer no longer than until the next look: near the end of the term nobody is waited for. */
  async #read(waking: AbortSignal): Promise<void> {
    // One that is slower is heard when it answers, and not asked again before that.
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined))
    const answered = new AbortController()
    const late = pause(this.#options.pollMs, AbortSignal.any([waking, answered.signal]))
    await Promise.race([this.#looking, late])
    answered.abort()
  }

  async #look(): Promise<void> {
    const { books, note } = this.#options
    const { id } = this.#rental
    try {
      const rental = await books.use(async ({ ledger }) => {
        if (!this.#isTold) this.#isTold = await ledger.started(id, hostname(), Date.now())
        return ledger.rental(id)
      })
      if (rental && !this.#isOver) await this.#take(rental)
    } catch (error) {
      note(`the ledger cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  async #take({ endsAt, endedAt, endedBecause }: Rental): Promise<void> {
    if (endedAt !== null) this.#ended = endedBecause ?? ''
    if (endedAt !== null || endsAt === this.#endsAt) return
    this.#endsAt = endsAt
    this.#telling = this.#options.onRenewal(endsAt).catch(() => {
      this.#options.note('its file could not be written: it shows an end that has been moved since')
    })
    await this.#telling
  }
}
