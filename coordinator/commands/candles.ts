import type { Command } from 'commander'
import {
  formatTime,
  formatTimeframe,
  parseTime,
  summarizeSeries,
  toCandles,
  type CandleSeries,
  type CandleStore,
  type SeriesSummary,
} from '#core/candles'
import { BullpenError } from '#core/errors'
import {
  candleSourceHelp,
  openCandleSource,
  parseCandleSource,
  type CandleSource,
  type CandleSourceOptions,
} from '#platform/market-data'
import { counted } from '../counted.ts'
import type { ProgressListener } from '../progress.ts'
import { addSeriesOptions, type SeriesOptions } from './series-options.ts'

/** What the candle commands need of their session. */
export interface CandlesContext {
  readonly workshop: {
    readonly config: { readonly home: string }
    candleStore(): Promise<CandleStore>
  }
  readonly signal: AbortSignal
  /** Opens the exchange of a pull; ccxt's unless given. */
  readonly connect?: CandleSourceOptions['connect']
  readonly progress: ProgressListener
  /** Milliseconds since the epoch. */
  now(): number
  /** One line on stderr about what bullpen chose or what comes next. */
  note(text: string): void
  loadSeries(source: string, options: SeriesOptions): Promise<CandleSeries>
  /** Prints the command's answer: the value itself, or its lines. */
  answer<T>(value: T, lines: (value: T) => readonly string[]): void
}

/** What `import` and `pull` answer. */
interface ImportAnswer {
  readonly series: SeriesSummary
  /** Bars the store did not have, had as they are, and had with other values (kept as a revision). */
  readonly inserted: number
  readonly unchanged: number
  readonly revised: number
}

/** What `list` answers of each series. */
interface ListedSeries {
  readonly source: string
  readonly symbol: string
  readonly timeframe: string
  readonly rows: number
  readonly first: string
  readonly last: string
  readonly revisions: number
}

const checkHelp = `
Bars are sorted and exact repeats dropped. A bar that cannot be true ends with exit status 1 and names file, row and value.

Examples:
  $ bullpen candles check btc_4h.csv
  $ bullpen candles check btc_1m.parquet --timeframe 4h --gaps reject
  $ bullpen candles check sample:ethusdt-1h --json`

const importHelp = `
Each bar keeps the time it was first seen; a later different value is kept as a revision, never an overwrite.

Examples:
  $ bullpen candles import btc_4h.json.gz --symbol BTC/USDT
  $ bullpen candles import sample:bnbusdt-15m`

const pullHelp = `
Without --since it goes on from the newest bar in the store. The bar that is still forming is left out.
Stopped half-way, the same command goes on from what it has.

Examples:
  $ bullpen candles pull exchange:binance:BTC/USDT:4h --since 2017-08-17
  $ bullpen candles pull exchange:binance:BTC/USDT:4h`

/** `bullpen candles check|import|pull|list`. */
export function addCandleCommands(program: Command, context: CandlesContext): void {
  const candles = program
    .command('candles')
    .description('check, import and pull candles')
    .addHelpText('after', `\n${candleSourceHelp}`)
  addSeriesOptions(candles.command('check <source>').description('say what a source holds, or what is wrong with it'))
    .addHelpText('after', checkHelp)
    .action(async (source: string, options: SeriesOptions) => {
      context.answer(summarizeSeries(await context.loadSeries(source, options)), summaryLines)
    })
  addSeriesOptions(candles.command('import <source>').description('write a source to the candle store'))
    .addHelpText('after', importHelp)
    .action(async (source: string, options: SeriesOptions) => {
      requireNamed(source, options)
      context.answer(await store(await context.loadSeries(source, options), context), importLines)
    })
  candles
    .command('pull <source>')
    .description('fetch closed bars from an exchange into the candle store')
    .option('--since <time>', 'where to begin; the newest bar in the store unless given')
    .addHelpText('after', pullHelp)
    .action(async (source: string, options: { readonly since?: string }) => {
      context.answer(await store(await pull(source, options.since, context), context), importLines)
    })
  candles
    .command('list')
    .description('the series in the candle store')
    .addHelpText('after', '\nExample:\n  $ bullpen candles list --json')
    .action(async () => {
      context.answer(await listStored(context), listLines)
    })
}

/** A file does not say what it holds, and a store must. */
function requireNamed(source: string, { symbol }: SeriesOptions): void {
  const { kind } = parseCandleSource(source)
  if (kind === 'store') throw usage(`${source} is in the store already`)
  if (kind === 'file' && symbol === undefined) throw usage(`say with --symbol what ${source} holds, e.g. BTC/USDT`)
}

async function pull(text: string, since: string | undefined, context: CandlesContext): Promise<CandleSeries> {
  const source = parseCandleSource(text)
  if (source.kind !== 'exchange') throw usage(`${text} is no exchange: give exchange:NAME:SYMBOL:WIDTH, or use import`)
  const from = since === undefined ? await newestStored(source, text, context) : timeOf(since)
  const startedAt = context.now()
  context.progress({ kind: 'stage-start', stage: 'candles' })
  const series = await openCandleSource(text, {
    home: context.workshop.config.home,
    since: from,
    signal: context.signal,
    onProgress: (line, fraction) => {
      if (fraction === undefined) context.note(line)
      else context.progress({ kind: 'stage-progress', stage: 'candles', done: Math.floor(fraction * 100), tasks: 100 })
    },
    ...(context.connect ? { connect: context.connect } : {}),
  })
  const ms = context.now() - startedAt
  context.progress({ kind: 'stage-end', stage: 'candles', ms, text: `${series.rows} bars` })
  return series
}

/** The newest stored bar is pulled again, so that a value the exchange has mended since is seen. */
async function newestStored(
  { symbol, widthMs }: Extract<CandleSource, { kind: 'exchange' }>,
  text: string,
  { workshop }: CandlesContext,
): Promise<number> {
  const stored = await (await workshop.candleStore()).list()
  const found = stored.find((each) => each.symbol === symbol && each.widthMs === widthMs)
  if (found) return found.lastOpenTime
  throw usage(`the store has nothing of ${text} to go on from: say from when, e.g. --since 2020-01-01`)
}

async function store(series: CandleSeries, context: CandlesContext): Promise<ImportAnswer> {
  const candleStore = await context.workshop.candleStore()
  const counts = await candleStore.import(series.symbol, series.widthMs, toCandles(series), context.now())
  return { series: summarizeSeries(series), ...counts }
}

async function listStored({ workshop }: CandlesContext): Promise<ListedSeries[]> {
  const stored = await (await workshop.candleStore()).list()
  return stored.map(({ symbol, widthMs, rows, firstOpenTime, lastOpenTime, revisions }) => ({
    source: `store:${symbol}:${formatTimeframe(widthMs)}`,
    symbol,
    timeframe: formatTimeframe(widthMs),
    rows,
    first: formatTime(firstOpenTime),
    last: formatTime(lastOpenTime),
    revisions,
  }))
}

function summaryLines(summary: SeriesSummary): string[] {
  const { symbol, timeframe, rows, first, last, gaps, missing, duplicatesDropped } = summary
  return [
    `${symbol} ${timeframe}: ${rows} bars, ${first} to ${last}`,
    `${counted(duplicatesDropped, 'exact repeat')} dropped`,
    `${counted(gaps.length, 'gap')}, ${counted(missing, 'bar')} missing`,
    ...gaps.map((gap) => `  ${gap.missing} missing between ${gap.after} and ${gap.before}`),
  ]
}

function importLines({ series, inserted, unchanged, revised }: ImportAnswer): string[] {
  return [
    `${series.symbol} ${series.timeframe}: ${series.rows} bars, ${series.first} to ${series.last}`,
    `${inserted} new, ${unchanged} already there, ${revised} revised`,
    `read them with --candles store:${series.symbol}:${series.timeframe}`,
  ]
}

function listLines(listed: readonly ListedSeries[]): string[] {
  if (listed.length === 0) return ['the candle store is empty: see bullpen candles import --help']
  const width = Math.max(...listed.map(({ source }) => source.length))
  return listed.map(
    ({ source, rows, first, last, revisions }) =>
      `${source.padEnd(width)}  ${String(rows).padStart(8)} bars  ${first} to ${last}  ${counted(revisions, 'revision')}`,
  )
}

function timeOf(text: string): number {
  const time = parseTime(text)
  if (time === null) throw usage(`${text} is no time: give 2020-01-31 or an ISO time`)
  return time
}

function usage(reason: string): BullpenError {
  return new BullpenError('USAGE', { reason })
}
