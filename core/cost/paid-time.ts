import type { Agent, HourlyPrice, Rental, RentalKind } from '#core/protocol'

/** A thing that costs money by the hour, for as long as it was there. */
export interface PaidTime {
  /** `worker-1`, or an agent's host. */
  readonly name: string
  readonly kind: RentalKind
  readonly place: string
  /** Time that is paid for, s. */
  readonly seconds: number
  /** Null: nobody said. */
  readonly price: HourlyPrice | null
  /** Whether it is still there, so that the time grows. */
  readonly isOpen: boolean
}

/** A stretch of time, ms since the epoch. */
export interface TimeSpan {
  readonly from: number
  readonly until: number
}

/**
 * Rentals as paid time: each from when it was seen to exist (or booked, when it was never seen) until its end or `now`.
 * A guard without a price is a process of a machine that is there anyway, and is left out.
 */
export function paidRentals(rentals: readonly Rental[], now: number): PaidTime[] {
  return rentals
    .filter(({ kind, price }) => kind !== 'guard' || price !== null)
    .map(({ name, kind, place, price, bookedAt, startedAt, endedAt }) => ({
      name,
      kind,
      place,
      seconds: secondsBetween(startedAt ?? bookedAt, endedAt ?? now),
      price,
      isOpen: endedAt === null,
    }))
}

/** Agents as paid time: as long as each was there within `span`, one price for all agents of a host. */
export function paidAgents(agents: readonly Agent[], { from, until }: TimeSpan): PaidTime[] {
  return agents.flatMap(({ host, price, joinedAt, leftAt, state, heartbeatAt }): PaidTime[] => {
    // A lost agent is counted until it was last heard of: what its host cost afterwards is not known here.
    const gone = leftAt ?? (state === 'lost' ? heartbeatAt : until)
    const seconds = secondsBetween(Math.max(joinedAt, from), Math.min(gone, until))
    const isOpen = state === 'running' || state === 'draining'
    // One that is there counts from the first moment: what an hour of it costs is asked before any time has passed.
    if (seconds === 0 && !isOpen) return []
    return [{ name: host, kind: 'worker', place: host, seconds, price, isOpen }]
  })
}

function secondsBetween(from: number, until: number): number {
  return Math.max(0, until - from) / 1000
}
