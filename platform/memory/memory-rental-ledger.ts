import type { PlannedRental, Rental, RentalLedger, RentalQuery, TargetName } from '#core/protocol'

/** Rentals known to one process. */
export class MemoryRentalLedger implements RentalLedger {
  /** In the order of booking. */
  readonly #rentals = new Map<string, Rental>()

  book(
    cluster: string,
    target: TargetName,
    planned: readonly PlannedRental[],
    at: { readonly now: number; readonly endsAt: number },
  ): Promise<readonly Rental[]> {
    const booked = planned.map((plan) => {
      const before = this.#all().filter((rental) => rental.cluster === cluster && rental.name === plan.name)
      const open = before.find(isOpen)
      if (open) return open
      const rental: Rental = {
        ...{ id: `${cluster}/${plan.name}#${before.length + 1}`, cluster, target },
        ...{ name: plan.name, kind: plan.kind, place: plan.place, price: plan.price },
        ...{ bookedAt: at.now, startedAt: null, endsAt: at.endsAt, endedAt: null, endedBecause: null, runId: null },
      }
      this.#rentals.set(rental.id, rental)
      return rental
    })
    return Promise.resolve(structuredClone(booked))
  }

  started(id: string, place: string, now: number): Promise<boolean> {
    const rental = this.#rentals.get(id)
    if (!rental || !isOpen(rental)) return Promise.resolve(false)
    this.#rentals.set(id, { ...rental, place, startedAt: rental.startedAt ?? now })
    return Promise.resolve(true)
  }

  renew(cluster: string, at: { readonly now: number; readonly endsAt: number }): Promise<boolean> {
    const open = this.#all().filter((rental) => rental.cluster === cluster && isOpen(rental))
    const current = open.filter(({ endsAt }) => endsAt > at.now)
    for (const rental of current) {
      this.#rentals.set(rental.id, { ...rental, endsAt: Math.max(rental.endsAt, at.endsAt) })
    }
    return Promise.resolve(current.length === open.length)
  }

  assign(cluster: string, runId: string): Promise<void> {
    for (const rental of this.#all()) {
      if (rental.cluster === cluster && isOpen(rental)) this.#rentals.set(rental.id, { ...rental, runId })
    }
    return Promise.resolve()
  }

  ended(id: string, because: string, now: number): Promise<void> {
    const rental = this.#rentals.get(id)
    if (rental && isOpen(rental)) this.#rentals.set(id, { ...rental, endedAt: now, endedBecause: because })
    return Promise.resolve()
  }

  rental(id: string): Promise<Rental | undefined> {
    return Promise.resolve(structuredClone(this.#rentals.get(id)))
  }

  list({ cluster, target, runId, open }: RentalQuery): Promise<readonly Rental[]> {
    const found = this.#all().filter(
      (rental) =>
        (cluster === undefined || rental.cluster === cluster) &&
        (target === undefined || rental.target === target) &&
        (runId === undefined || rental.runId === runId) &&
        (open === undefined || isOpen(rental) === open),
    )
    return Promise.resolve(structuredClone(found.reverse()))
  }

  #all(): Rental[] {
    return [...this.#rentals.values()]
  }
}

function isOpen({ endedAt }: Rental): boolean {
  return endedAt === null
}
