import { resolve } from 'node:path'
import type { TargetName } from '#core/protocol'
import type { Config } from '#platform/config'
import type { ClusterSite, RentalBooks } from '../rentals/index.ts'
import { bullpenCommand, openTarget } from './open-target.ts'

/** Where clusters are rented at that target, with the books of this session. Throws USAGE as `openTarget`. */
export function openClusterSite(
  name: TargetName,
  {
    config,
    books,
    note,
  }: { readonly config: Config; readonly books: RentalBooks; readonly note: (text: string) => void },
): ClusterSite {
  const home = resolve(config.home)
  const guardSettings = { BULLPEN_HOSTS: config.hosts }
  return { home, bullpen: bullpenCommand(), guardSettings, books, target: openTarget(name, config, note), note }
}
