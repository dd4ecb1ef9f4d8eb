import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { booksOf } from '../../../coordinator/rentals/index.ts'
import { walkCandles } from '../../../serving/testing/walk-candles.ts'
import { startBullpen, type RunningCommand } from '../../testing/command.ts'

/** What every command of these tests rents: short-lived, one worker of one thread. */
export const smallCluster = ['--target', 'local', '--workers', '1', '--threads', '1', '--term', '15'] as const

/** A home whose clusters are watched from outside: by processes, files and the ledger. */
export class RentedHome {
  readonly home = mkdtempSync(join(tmpdir(), 'bullpen-rented-'))
  /** Where its processes put temporary files. */
  readonly temporary = join(this.home, 'temporary')
  readonly books = booksOf({ home: this.home, onNote: () => undefined })

  /** A file of made-up candles: unpacking those of the sample keeps a coordinator from renewing for seconds. */
  readonly candles = join(this.home, 'WALK_4h.csv')

  constructor() {
    mkdirSync(this.temporary)
    const rows = walkCandles(1400, Date.UTC(2024, 0, 1)).map(({ openTime, open, high, low, close, volume }) =>
      [openTime, open, high, low, close, volume].join(','),
    )
    writeFileSync(this.candles, ['timestamp,open,high,low,close,volume', ...rows].join('\n'))
  }

  start(args: readonly string[], env: Record<string, string> = {}): RunningCommand {
    return startBullpen(args, this.home, { TMPDIR: this.temporary, ...env })
  }

  /** Processes of this home that carry a rental of the cluster, or work on its state: pid and what they run. */
  processes(cluster: string): { readonly pid: number; readonly rental: string; readonly command: string }[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const environment = read(`/proc/${name}/environ`).split('\0')
        const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ')
        const rental = environment.find((line) => line.startsWith(`BULLPEN_RENTAL=${cluster}/`))?.slice(15)
        const isOurs = rental !== undefined && environment.includes(`BULLPEN_HOME=${this.home}`)
        const isTerraform = command.includes(join(this.home, 'clusters', `${cluster}/`))
        return isOurs || isTerraform ? [{ pid: Number(name), rental: rental ?? '', command }] : []
      })
  }

  /** Folders and files of the cluster. */
  files(cluster: string): string[] {
    const guards = list(join(this.home, 'guards')).filter((name) => name.startsWith(`${cluster}.`))
    return [...list(join(this.home, 'clusters')).filter((name) => name === cluster), ...guards]
  }

  /** Rentals that came to be and have not ended. */
  async openRentals(cluster: string): Promise<string[]> {
    const rentals = await this.books.use(({ ledger }) => ledger.list({ cluster, open: true }))
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

  async close(): Promise<void> {
    await this.books.close()
    rmSync(this.home, { recursive: true, force: true })
  }
}

/** Runs at most `limit` works at a time, each started by its first turn. */
export function lanes(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = limit
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free === 0) await new Promise<void>((turn) => waiting.push(turn))
    else free--
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
