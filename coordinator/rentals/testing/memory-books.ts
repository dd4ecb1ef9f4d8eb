import { BullpenError } from '#core/errors'
import { MemoryClusterStore, MemoryFleet, MemoryRentalLedger } from '#platform/memory'
import { RentalBooks, type OpenBooks } from '../rental-books.ts'

/** Books of this process alone, whose database can be made to be away. */
export class MemoryBooks extends RentalBooks {
  readonly ledger: MemoryRentalLedger
  readonly clusters: MemoryClusterStore
  readonly fleet: MemoryFleet
  isAway = false

  constructor() {
    const ledger = new MemoryRentalLedger()
    const clusters = new MemoryClusterStore()
    const fleet = new MemoryFleet()
    super(() => Promise.resolve({ ledger, clusters, fleet, close: () => Promise.resolve() }))
    this.ledger = ledger
    this.clusters = clusters
    this.fleet = fleet
  }

  override use<T>(work: (books: OpenBooks) => Promise<T>, limitMs?: number): Promise<T> {
    if (!this.isAway) return super.use(work, limitMs)
    return Promise.reject(new BullpenError('DATABASE_UNAVAILABLE', { database: 'of a test', reason: 'it is away' }))
  }
}
