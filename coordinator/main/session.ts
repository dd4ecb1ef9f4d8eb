import { resolve } from 'node:path'
import { parseTime, type CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { readConfig } from '#platform/config'
import type { SeriesOptions } from '../commands/series-options.ts'
import type { AgentHost } from '../commands/agent-host.ts'
import type { ClusterPlace } from '../commands/cluster-options.ts'
import type { StackInputs } from '../commands/rental.ts'
import type { Session } from '../commands/session.ts'
import { openDisplay, openLiveLines, type Display, type LiveLines } from '../display/index.ts'
import { describeSeries } from '../describe-series.ts'
import type { ProgressListener } from '../progress.ts'
import { booksOf, type ClusterSite, type RentalBooks } from '../rentals/index.ts'
import { RunMetricsRecorder, type RunMetrics } from '../run-metrics.ts'
import type { Output } from '#platform/processes'
import { runBullpen } from './run-bullpen.ts'
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
  readonly agents: AgentHost
  readonly metrics = new RunMetricsRecorder()
  readonly watched: RunMetrics[] = [this.metrics]
  private readonly output: Output
  private readonly globals: GlobalOptions
  private display: Display | undefined
  private liveLines: LiveLines | undefined
  private leaving: (() => Promise<void>) | undefined
  private rentalBooks: RentalBooks | undefined
  private loss: string | null = null
  /** Exit status of a command that answered. */
  status: 0 | 1 = 0

  constructor(output: Output, signal: AbortSignal, globals: GlobalOptions) {
    this.output = output
    this.signal = signal
    this.globals = globals
    const note = (text: string) => {
      this.note(text)
    }
    this.workshop = new LocalWorkshop(readConfig(), note)
    this.agents = {
      // Loaded only to serve: an agent's metrics and logs take a sixth of a second.
      serve: async (request, signal) => {
        const { LocalAgentHost } = await import('./agent-host.ts')
        const host = new LocalAgentHost(this.workshop, note, globals)
        this.leaving = () => host.close()
        return host.serve(request, signal)
      },
    }
  }

  get json(): boolean {
    return this.globals.json
  }

  readonly progress: ProgressListener = (event) => {
    this.display ??= this.openDisplay()
    this.display.listener(event)
    this.metrics.onProgress(event)
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

  refresh<T>(value: T, lines: (value: T) => readonly string[]): void {
    const stream = this.output.stdout
    if (!stream.isTTY || this.json) {
      stream.write(`${JSON.stringify(value)}\n`)
      return
    }
    this.liveLines ??= openLiveLines({ stream, columns: () => stream.columns ?? 80 })
    this.liveLines.show(lines(value))
  }

  fail(): void {
    this.status = 1
  }

  spawn(args: readonly string[], signal: AbortSignal): Promise<number> {
    const globals = [...(this.json ? ['--json'] : []), ...(this.globals.verbose ? ['--verbose'] : [])]
    return runBullpen([...globals, ...args], signal)
  }

  books(): RentalBooks {
    const { databaseUrl: url, home } = this.workshop.config
    this.rentalBooks ??= booksOf({
      url,
      home,
      onNote: (text) => {
        this.note(text)
      },
    })
    return this.rentalBooks
  }

  async stackInputs(file: string): Promise<StackInputs> {
    const { readStackInputs } = await import('./read-stack-inputs.ts')
    return readStackInputs(file)
  }

  async clusterSite({ target, hosts }: ClusterPlace): Promise<ClusterSite> {
    const note = (text: string): void => {
      this.note(text)
    }
    const { openClusterSite } = await import('./open-cluster-site.ts')
    const { config } = this.workshop
    if (hosts !== undefined && target !== 'ssh') {
      throw new BullpenError('USAGE', { reason: `--hosts is for target ssh, target ${target} has none` })
    }
    const settings = hosts === undefined ? config : { ...config, hosts: resolve(hosts) }
    return openClusterSite(target, { config: settings, books: this.books(), note })
  }

  wouldBeLost(text: string | null): void {
    this.loss = text
  }

  wouldLose(): string | null {
    return this.loss
  }

  async loadSeries(source: string, options: SeriesOptions): Promise<CandleSeries> {
    const startedAt = this.now()
    this.progress({ kind: 'stage-start', stage: 'candles' })
    const series = await this.readSeries(source, options)
    this.progress({ kind: 'stage-end', stage: 'candles', ms: this.now() - startedAt, text: describeSeries(series) })
    return series
  }

  /** Restores the terminal, then closes everything the session opened. */
  async close(): Promise<void> {
    this.closeDisplay()
    await this.leaving?.()
    await this.rentalBooks?.close()
    await this.workshop.close()
  }

  /** Ends the live display, so that what follows is not drawn over. */
  closeDisplay(): void {
    this.liveLines?.close()
    this.liveLines = undefined
    this.display?.close()
    this.display = undefined
  }

  private async readSeries(source: string, options: SeriesOptions): Promise<CandleSeries> {
    const { since, gaps, symbol, timeframe } = options
    // Loaded only to read candles: the readers of all formats take a tenth of a second.
    const { openCandleSource } = await import('#platform/market-data')
    return openCandleSource(source, {
      home: this.workshop.config.home,
      signal: this.signal,
      onProgress: (text, fraction) => {
        if (fraction === undefined) this.note(text)
        else this.progress({ kind: 'stage-progress', stage: 'candles', done: Math.round(fraction * 100), tasks: 100 })
      },
      ...(source.startsWith('store:') ? { store: await this.workshop.candleStore() } : {}),
      ...(since === undefined ? {} : { since: timeOf(since) }),
      ...(gaps === undefined ? {} : { gaps }),
      ...(symbol === undefined ? {} : { symbol }),
      ...(timeframe === undefined ? {} : { timeframe }),
    })
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
