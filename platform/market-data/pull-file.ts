import { appendFile, readFile, rm } from 'node:fs/promises'
import { diskError, writeAtomically } from '#platform/files'

/** A closed bar as ccxt gives it: `[ms, open, high, low, close, volume]`; what the exchange left out is null. */
export type PulledRow = readonly [openTime: number, ...values: (number | null)[]]

/**
 * The bars of a pull that is under way, one JSON line each after a first line that says of what. Pages are appended, so
 * that whatever ends the process costs at most the page in flight: reading stops at a line that is not whole.
 */
export class PullFile {
  private readonly path: string
  private readonly heading: string

  /** `heading` names the pull: a file with another one is not continued but replaced. */
  constructor(path: string, heading: string) {
    this.path = path
    this.heading = JSON.stringify(heading)
  }

  /** The bars kept by an earlier, unfinished pull; from here on the file holds exactly these. */
  async open(): Promise<PulledRow[]> {
    const [first, ...lines] = (await this.read()).split('\n')
    // The piece after the last line break is empty, or half a line.
    const rows = first === this.heading ? wholeRows(lines.slice(0, -1)) : []
    await writeAtomically(this.path, Buffer.from(`${this.heading}\n${linesOf(rows)}`))
    return rows
  }

  /** Adds a page of bars. Throws DISK_FULL. */
  async append(rows: readonly PulledRow[]): Promise<void> {
    try {
      await appendFile(this.path, linesOf(rows))
    } catch (error) {
      throw diskError(error, this.path)
    }
  }

  /** The pull is finished. */
  async remove(): Promise<void> {
    await rm(this.path, { force: true })
  }

  private async read(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
      throw error
    }
  }
}

function wholeRows(lines: readonly string[]): PulledRow[] {
  const rows: PulledRow[] = []
  for (const line of lines) {
    if (!/^\[\d+(,(null|-?[\d.]+(e[+-]?\d+)?)){5}\]$/.test(line)) break
    rows.push(JSON.parse(line) as PulledRow)
  }
  return rows
}

function linesOf(rows: readonly PulledRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}
