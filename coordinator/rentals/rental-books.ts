import { BullpenError } from '#core/errors'
import type { ClusterStore, Fleet, RentalLedger } from '#core/protocol'
import {
  openDatabase,
  PostgresClusterStore,
  PostgresFleet,
  PostgresRentalLedger,
  type OpenDatabaseOptions,
} from '#platform/postgres'
import { within } from '#platform/attempts'

/** What is written of rented things, and the agents among them. */
export interface OpenBooks {
  readonly ledger: RentalLedger
  readonly clusters: ClusterStore
  readonly fleet: Fleet
  close(): Promise<void>
}

/** Longest time one use of the books may take, ms: a connection cut without a word answers never. */
const patienceMs = 15_000

/**
 * The books of one database, opened when first used and opened again after it was away. For the embedded one that
 * starts its server anew, so that who keeps a rental can tell its end even when the server was killed.
 */
export class RentalBooks {
  readonly #open: () => Promise<OpenBooks>
  #books: Promise<OpenBooks> | undefined

  constructor(open: () => Promise<OpenBooks>) {
    this.#open = open
  }

  /** Does `work` with open books. Throws DATABASE_UNAVAILABLE, also when it takes longer than `limitMs`, and what `work` throws. */
  async use<T>(work: (books: OpenBooks) => Promise<T>, limitMs = patienceMs): Promise<T> {
    const books = (this.#books ??= this.#open())
    try {
      return await within(
        books.then((open) => work(open)),
        limitMs,
        noAnswer(limitMs),
      )
    } catch (error) {
      if (isAway(error) && this.#books === books) {
        this.#books = undefined
        void books.then((open) => open.close()).catch(() => undefined)
      }
      throw error
    }
  }

  /** Closes what is open, without waiting for long for a database that is away. */
  async close(): Promise<void> {
    const books = this.#books
    this.#books = undefined
    if (!books) return
    const closed = books.then((open) => open.close()).catch(() => undefined)
    await within(closed, patienceMs, () => undefined)
  }
}

/** Books in the database of the configuration. */
export function booksOf(database: OpenDatabaseOptions): RentalBooks {
  return new RentalBooks(async () => {
    const open = await openDatabase(database)
    return {
      ledger: new PostgresRentalLedger(open),
      clusters: new PostgresClusterStore(open),
      fleet: new PostgresFleet(open),
      close: () => open.close(),
    }
  })
}

function noAnswer(ms: number): () => never {
  return () => {
    const reason = `no answer for ${ms / 1000} s`
    throw new BullpenError('DATABASE_UNAVAILABLE', { database: 'of the rentals', reason })
  }
}

export function isAway(error: unknown): boolean {
  return error instanceof BullpenError && error.code === 'DATABASE_UNAVAILABLE'
}
