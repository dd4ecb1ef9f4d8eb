import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClusterRecord, Rental } from '#core/protocol'
import type { ClusterSite } from '../cluster-site.ts'
import { endGuard, guardFolder, guardItems } from '../guard-process.ts'
import { readKeeperFile } from '../keeper-file.ts'
import { MemoryBooks } from './memory-books.ts'
import { MemoryTarget } from './memory-target.ts'

/** `bullpen rental guard` that guards nothing: it says that it is there and sleeps. */
const guardScript = `#!/bin/sh
folder=\${10}
[ ! -e "$BULLPEN_HOME/broken" ] || { echo 'this guard is broken'; exit 1; }
printf '{"id":"%s","cluster":"%s","pid":%s,"startedAt":0,"endsAt":0}' "$8" "$6" $$ >"$folder/draft"
mv "$folder/draft" "$folder/keeper.json"
exec sleep 600
`

/** A place to rent clusters that exist in memory; guards are processes that sleep, in a home of its own. */
export class MemorySite implements ClusterSite {
  readonly home = mkdtempSync(join(tmpdir(), 'bullpen-site-'))
  readonly bullpen: readonly string[]
  readonly guardSettings = { BULLPEN_HOSTS: 'some/hosts.json' }
  readonly books = new MemoryBooks()
  readonly target = new MemoryTarget(this.books.fleet)
  readonly notes: string[] = []
  /** Told each of them. */
  onNote: (text: string) => void = () => undefined

  constructor() {
    const command = join(this.home, 'guard-stand-in')
    writeFileSync(command, guardScript)
    chmodSync(command, 0o755)
    this.bullpen = [command]
  }

  readonly note = (text: string): void => {
    this.notes.push(text)
    this.onNote(text)
  }

  /** Books a guard, Redis and a worker, whose term ends after so long; nothing of it exists. */
  async book(cluster: string, ms: number, now = Date.now()): Promise<readonly Rental[]> {
    const at = { now, endsAt: now + ms }
    const kinds = { guard: 'guard', redis: 'redis', 'worker-1': 'worker' } as const
    const planned = Object.entries(kinds).map(([name, kind]) => ({ name, kind, place: hostname(), price: null }))
    return this.books.ledger.book(cluster, this.target.name, planned, at)
  }

  record(cluster: string): Promise<ClusterRecord | undefined> {
    return this.books.clusters.cluster(cluster)
  }

  /** Open rentals of a cluster, oldest first. */
  async open(cluster: string): Promise<string[]> {
    return (await this.books.ledger.list({ cluster, open: true })).map(({ id }) => id).reverse()
  }

  /** The process of a guard, by its own file; null when there is none. */
  async guardPid(rental: string): Promise<number | null> {
    return (await readKeeperFile(guardFolder(this.home, rental)))?.pid ?? null
  }

  async close(): Promise<void> {
    for (const { rental } of await guardItems(this.home)) await endGuard(this.home, rental)
    rmSync(this.home, { recursive: true })
  }
}
