import type { Agent, HourlyPrice, Rental, RentalKind } from '#core/protocol'
import type { TimeSpan } from '#core/registry'

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

/** Agents as paid time: as long as each was there within spans that are apart, one price for all agents of a host. */
export function paidAgents(agents: readonly Agent[], spans: readonly TimeSpan[]): PaidTime[] {
  return agents.flatMap(({ host, price, joinedAt, leftAt, state, heartbeatAt }): PaidTime[] => {
    // A lost agent is counted until it was last heard of: what its host cost afterwards is not known here.
    const gone = leftAt ?? (state === 'lost' ? heartbeatAt : Infinity)
    const seconds = secondsOf(
      spans.map(({ from, until }) => ({ from: Math.max(joinedAt, from), until: Math.min(gone, until) })),
    )
    const isOpen = state === 'running' || state === 'draining'
    // One that is there counts from the first moment: what an hour of it costs is asked before any time has passed.
    if (seconds === 0 && !isOpen) return []
    return [{ name: host, kind: 'worker', place: host, seconds, price, isOpen }]
  })
}

/** Time that lies in any of the spans, as spans that are apart, in order. */
export function united(spans: readonly TimeSpan[]): TimeSpan[] {
  const apart: TimeSpan[] = []
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = apart.at(-1)
    if (last === undefined || span.from > last.until) apart.push(span)
    else apart[apart.length - 1] = { from: last.from, until: Math.max(last.until, span.until) }
  }
  return apart
}

/** Length of spans that are apart, s; one that ends before it begins has none. */
export function secondsOf(spans: readonly TimeSpan[]): number {
  return spans.reduce((sum, { from, until }) => sum + secondsBetween(from, until), 0)
}

function secondsBetween(from: number, until: number): number {
  return Math.max(0, until - from) / 1000
}
