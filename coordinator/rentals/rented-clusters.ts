import { amountsInWords, costOf, hourlyRate, paidRentals } from '#core/cost'
import type { ClusterPhase, Rental, TargetName } from '#core/protocol'
import { counted } from '../counted.ts'
import type { OpenBooks } from './rental-books.ts'

/** A cluster with open rentals, and what it costs. */
export interface RentedCluster {
  readonly cluster: string
  readonly target: TargetName
  readonly phase: ClusterPhase
  /** Of its open rentals. */
  readonly rentals: readonly Pick<Rental, 'name' | 'kind' | 'place' | 'price' | 'endsAt'>[]
  /** When the first of them ends itself unless renewed, ms since the epoch. */
  readonly endsAt: number
  /** Of what is open, by currency. */
  readonly perHour: Readonly<Record<string, number>>
  /** Of what is open, until now, by currency. */
  readonly cost: Readonly<Record<string, number>>
}

/** Clusters of which something is rented at `now` (ms since the epoch), by name. */
export async function rentedClusters({ ledger, clusters }: OpenBooks, now: number): Promise<RentedCluster[]> {
  const [open, known] = [await ledger.list({ open: true }), await clusters.list()]
  const names = [...new Set(open.map(({ cluster }) => cluster))].sort()
  return names.map((cluster) => {
    const rentals = open.filter((rental) => rental.cluster === cluster).reverse()
    const paid = paidRentals(rentals, now)
    return {
      cluster,
      target: rentals[0]!.target,
      phase: known.find(({ name }) => name === cluster)?.phase ?? 'down',
      rentals: rentals.map(({ name, kind, place, price, endsAt }) => ({ name, kind, place, price, endsAt })),
      endsAt: Math.min(...rentals.map(({ endsAt }) => endsAt)),
      perHour: hourlyRate(paid),
      cost: costOf(paid).amounts,
    }
  })
}

/** One line for each cluster that is rented. */
export function rentedLines(clusters: readonly RentedCluster[]): string[] {
  return clusters.map(({ cluster, target, phase, rentals, endsAt, perHour, cost }) => {
    const isPriced = Object.keys(perHour).length > 0
    const money = isPriced ? `${amountsInWords(perHour)} an hour, ${amountsInWords(cost)} so far` : 'no price is known'
    const until = `until ${new Date(endsAt).toISOString()} unless renewed`
    return `rented  ${cluster} at ${target}  ${phase}  ${counted(rentals.length, 'rental')} ${until}  ${money}`
  })
}
