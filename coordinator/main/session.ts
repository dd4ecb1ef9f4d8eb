import { parseTime, type CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { readConfig } from '#platform/config'
import { openCandleSource } from '#platform/market-data'
import type { SeriesOptions } from '../commands/series-options.ts'
import type { Session } from '../commands/session.ts'
import { openDisplay, type Display } from '../display/index.ts'
import type { ProgressListener, StageName } from '../progress.ts'
import type { Output } from './output.ts'
import { LocalWorkshop } from './workshop.ts'

/** What the user said before any command. */
export interface GlobalOptions {
  readonly json: boolean
  readonly verbose: boolean
}

/** A session of this process. */
export class LocalSession implements Session {
  readonly signal: AbortSignal
  readonly workshop: LocalWorkshop
  private readonly output: Output
  private readonly globals: GlobalOptions
  private display: Display | undefined

  constructor(output: Output, signal: AbortSignal, globals: GlobalOptions) {
    this.output = output
    this.signal = signal
    this.globals = globals
    this.workshop = new LocalWorkshop(readConfig(), (text) => {
      this.note(text)
    })
  }

  get json(): boolean {
    return this.globals.json
  }

  readonly progress: ProgressListener = (event) => {
    this.display ??= this.openDisplay()
    this.display.listener(event)
  }

  readonly now = (): number => Date.now()

  note(text: string): void {
    this.progress({ kind: 'note', text })
  }

  answer<T>(value: T, lines: (value: T) => readonly string[]): void {
    this.closeDisplay()
    const text = this.json ? JSON.stringify(value) : lines(value).join('\n')
    this.output.stdout.write(`${text}\n`)
  }

  async loadSeries(source: string, { since, gaps, symbol, timeframe }: SeriesOptions): Promise<CandleSeries> {
    return openCandleSource(source, {
      home: this.workshop.config.home,
      signal: this.signal,
      onProgress: (text) => {
        this.note(text)
      },
      ...(source.startsWith('store:') ? { store: await this.workshop.candleStore() } : {}),
      ...(since === undefined ? {} : { since: timeOf(since) }),
      ...(gaps === undefined ? {} : { gaps }),
      ...(symbol === undefined ? {} : { symbol }),
      ...(timeframe === undefined ? {} : { timeframe }),
    })
  }

  async stage<T>(stage: StageName, work: () => Promise<T>, describe: (result: T) => string): Promise<T> {
    const startedAt = this.now()
    this.progress({ kind: 'stage-start', stage })
    const result = await work()
    this.progress({ kind: 'stage-end', stage, ms: this.now() - startedAt, text: describe(result) })
    return result
  }

  /** Restores the terminal, then closes everything the session opened. */
  async close(): Promise<void> {
    this.closeDisplay()
    await this.workshop.close()
  }

  /** Ends the live display, so that what follows is not drawn over. */
  closeDisplay(): void {
    this.display?.close()
    this.display = undefined
  }

  private openDisplay(): Display {
    const stream = this.output.stderr
    return openDisplay({
      stream,
      isTerminal: stream.isTTY && !this.json,
      columns: () => stream.columns ?? 80,
      color: this.workshop.config.color,
      verbose: this.globals.verbose,
    })
  }
}

function timeOf(text: string): number {
  const time = parseTime(text)
  if (time === null) throw new BullpenError('USAGE', { reason: `${text} is no time: give 2020-01-31 or an ISO time` })
  return time
}
