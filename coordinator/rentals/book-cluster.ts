import { BullpenError } from '#core/errors'
import type { PlannedRental, Rental, TargetName } from '#core/protocol'
import type { RentalBooks } from './rental-books.ts'

/** What is to be booked, and until when (ms since the epoch). */
export interface Booking {
  readonly cluster: string
  readonly target: TargetName
  readonly planned: readonly PlannedRental[]
  readonly endsAt: number
}

/** Books what is not open, and gives all of it the new term. Throws CLUSTER_NOT_UP, DATABASE_UNAVAILABLE. */
export async function bookCluster(booking: Booking, books: RentalBooks): Promise<readonly Rental[]> {
  const { cluster, target, planned, endsAt } = booking
  return books.use(async ({ ledger }) => {
    const now = Date.now()
    const rentals = await ledger.book(cluster, target, planned, { now, endsAt })
    if (await ledger.renew(cluster, { now, endsAt })) return rentals
    throw new BullpenError('CLUSTER_NOT_UP', { cluster, reason: 'the term of a part of it is over' })
  })
}
