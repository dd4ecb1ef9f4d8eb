import { setTimeout as delay } from 'node:timers/promises'
import type { InventoryItem, Target } from '#core/protocol'
import { endGuard, guardItems, type GuardPlace } from './guard-process.ts'
import type { RentalBooks } from './rental-books.ts'

/** What changing a cluster takes. */
export interface ClusterSite extends GuardPlace {
  readonly books: RentalBooks
  readonly target: Target
  /** One line for each step that is done. */
  readonly note: (text: string) => void
}

/** Guards are processes of this machine, whatever the target. */
const isGuard = ({ rental }: InventoryItem): boolean => /\/guard#\d+$/.test(rental)

/** Everything that exists of one cluster, or of all: what the target finds, and guards. */
export async function inventoryOf({ target, home }: ClusterSite, cluster?: string): Promise<readonly InventoryItem[]> {
  const [found, guards] = await Promise.all([target.inventory(cluster), guardItems(home, cluster)])
  return [...found.filter((item) => !isGuard(item)), ...guards]
}

/** Ends one thing of an inventory. Idempotent. */
export async function endItem({ target, home }: ClusterSite, item: InventoryItem): Promise<void> {
  if (isGuard(item)) await endGuard(home, item.rental)
  else await target.end(item)
}

/** What exists of a cluster beside its guard. */
export async function remainsOf(site: ClusterSite, cluster: string): Promise<readonly InventoryItem[]> {
  return (await inventoryOf(site, cluster)).filter((item) => !isGuard(item))
}

/** Waits until `isSo`, or throws the reason of the signal. */
export async function untilSo(isSo: () => Promise<boolean>, signal: AbortSignal, pollMs = 250): Promise<void> {
  while (!(await isSo())) {
    await delay(pollMs, undefined, { signal }).catch(() => {
      throw signal.reason
    })
  }
}
