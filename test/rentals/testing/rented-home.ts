import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { walkCandles } from '../../../serving/testing/walk-candles.ts'
import type { RentedCommand, RentedPlace } from './rented-place.ts'

/** What is not as usual in a weekly run. */
export interface WeeklySetting {
  readonly candles?: string
  readonly env?: Record<string, string>
  readonly options?: readonly string[]
}

/** Clusters of a place, watched from outside: by processes, files and the ledger. */
export class RentedHome {
  readonly place: RentedPlace
  /** Where its processes put temporary files. */
  readonly temporary: string
  /** A file of made-up candles: unpacking those of the sample keeps a coordinator from renewing for seconds. */
  private readonly candles: string
  private readonly homes: readonly string[]
  private readonly termSeconds: number

  constructor(place: RentedPlace, { termSeconds = 15 }: { readonly termSeconds?: number } = {}) {
    this.place = place
    this.termSeconds = termSeconds
    this.homes = [place.home, ...place.hostHomes]
    this.temporary = join(place.home, 'temporary')
    this.candles = join(place.home, 'WALK_4h.csv')
    mkdirSync(this.temporary, { recursive: true })
    const rows = walkCandles(1400, Date.UTC(2024, 0, 1)).map(({ openTime, open, high, low, close, volume }) =>
      [openTime, open, high, low, close, volume].join(','),
    )
    writeFileSync(this.candles, ['timestamp,open,high,low,close,volume', ...rows].join('\n'))
  }

  /** Brings the schema up to date, so that the commands of a test need not. */
  async ready(): Promise<void> {
    await this.place.books.use(({ clusters }) => clusters.list(), 60_000)
  }

  up(cluster: string, env: Record<string, string> = {}): RentedCommand {
    return this.start(cluster, ['cluster', 'up', ...this.size(cluster), '--json'], env)
  }

  down(cluster: string): RentedCommand {
    return this.start(cluster, ['cluster', 'down', '--target', this.place.target, '--name', cluster])
  }

  /** Rents, trains the smallest model, and gives back. */
  weekly(cluster: string, { candles = this.candles, env = {}, options = [] }: WeeklySetting = {}): RentedCommand {
    const training = ['--feature-set', 'classic', '--space', 'smoke', '--folds', '2', '--trials', '1']
    return this.start(cluster, ['weekly', ...this.size(cluster), '--candles', candles, ...training, ...options], env)
  }

  leaks(...options: string[]): RentedCommand {
    return this.start('', ['leaks', '--target', this.place.target, ...options])
  }

  /** Processes of these homes that carry a rental of the cluster, or work on its state: pid and what they run. */
  processes(cluster: string): { readonly pid: number; readonly rental: string; readonly command: string }[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const environment = read(`/proc/${name}/environ`).split('\0')
        const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ')
        const rental = environment.find((line) => line.startsWith(`BULLPEN_RENTAL=${cluster}/`))?.slice(15)
        const isOurs = rental !== undefined && this.homes.some((home) => environment.includes(`BULLPEN_HOME=${home}`))
        const isTerraform = command.includes(join(this.place.home, 'clusters', `${cluster}/`))
        return isOurs || isTerraform ? [{ pid: Number(name), rental: rental ?? '', command }] : []
      })
  }

  /** Folders and files of the cluster, a state's lock among them. */
  files(cluster: string): string[] {
    const folders = this.homes.map((home) => join(home, 'clusters'))
    return [
      ...folders.flatMap((folder) => list(folder, (name) => name === cluster)),
      ...list(join(this.place.home, 'guards'), (name) => name.startsWith(`${cluster}.`)),
      ...(this.place.target === 'ssh' ? list('/tmp', (name) => name.startsWith(`bullpen-${cluster}-`)) : []),
    ]
  }

  /** Rentals that came to be and have not ended. */
  async openRentals(cluster: string): Promise<string[]> {
    const rentals = await this.place.books.use(({ ledger }) => ledger.list({ cluster, open: true }))
    return rentals.filter(({ startedAt }) => startedAt !== null).map(({ id }) => id)
  }

  /** Whatever there is of a cluster, in words; empty when nothing is. */
  async traces(cluster: string): Promise<string[]> {
    const processes = this.processes(cluster).map(({ pid, command }) => `process ${pid} ${command}`)
    return [...processes, ...this.files(cluster), ...(await this.openRentals(cluster))]
  }

  /** Kills the processes whose rental matches, outright. */
  kill(cluster: string, rental: RegExp): number {
    const found = this.processes(cluster).filter((one) => rental.test(one.rental))
    for (const { pid } of found) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It died with another.
      }
    }
    return found.length
  }

  /** Short-lived, one worker of one thread. */
  private size(cluster: string): string[] {
    const term = ['--term', String(this.termSeconds)]
    return ['--target', this.place.target, '--name', cluster, '--workers', '1', '--threads', '1', ...term]
  }

  private start(cluster: string, args: readonly string[], env: Record<string, string> = {}): RentedCommand {
    return this.place.start(args, { TMPDIR: this.temporary, ...this.place.settings(cluster), ...env })
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function list(folder: string, isOne: (name: string) => boolean): string[] {
  try {
    return readdirSync(folder).flatMap((name) => (isOne(name) ? [join(folder, name)] : []))
  } catch {
    return []
  }
}
