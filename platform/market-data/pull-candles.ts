import { join } from 'node:path'
import { emptyColumns, formatTime, formatTimeframe, type CandleColumns, type SeriesInput } from '#core/candles'
import { BullpenError } from '#core/errors'
import { closedBarPages } from './closed-bar-pages.ts'
import { connectExchange, exchangeError, type OhlcvExchange } from './connect-exchange.ts'
import { PullFile, type PulledRow } from './pull-file.ts'
import type { CandleSource } from './source-grammar.ts'

export interface PullOptions {
  /** Where the pull begins, ms. */
  readonly since?: number
  /** Folder under which `pulls/` keeps what an interrupted pull already has. */
  readonly home: string
  /** Told how far the pull is, with the fraction done (0 to 1). */
  readonly onProgress?: (text: string, fraction?: number) => void
  readonly signal?: AbortSignal
  /** Opens the exchange; ccxt's unless given. */
  readonly connect?: (name: string) => Promise<OhlcvExchange>
}

/**
 * Every closed bar of an exchange from `since` on, page by page at the pace ccxt's rate limiter sets. Which bars are
 * closed is told by the exchange's clock where it has one. Interrupted by whatever cause, the same call goes on from
 * the bars kept. Throws CANDLES_SOURCE_INVALID without `since`, UNKNOWN_NAME (exchange, width), EXCHANGE_REFUSED,
 * EXCHANGE_UNREACHABLE, PULL_INTERRUPTED when `signal` aborts, and DISK_FULL.
 */
export async function pullCandles(
  source: Extract<CandleSource, { kind: 'exchange' }>,
  text: string,
  options: PullOptions,
): Promise<SeriesInput> {
  const { since } = options
  if (since === undefined) {
    throw new BullpenError('CANDLES_SOURCE_INVALID', { source: text, reason: 'say from when, e.g. --since 2020-01-01' })
  }
  const exchange = await (options.connect ?? connectExchange)(source.exchange)
  const file = new PullFile(pullPath(source, since, options.home), `${text} since ${formatTime(since)}`)
  const rows = await file.open()
  if (rows.length > 0) options.onProgress?.(`${text}: going on after ${rows.length} bars kept earlier`)
  try {
    await pullPages(exchange, source, { ...options, since, text, file, rows })
  } catch (error) {
    throw exchangeError(error, source.exchange)
  }
  await file.remove()
  if (rows[0] && rows[0][0] >= since + source.widthMs) {
    options.onProgress?.(`${text}: the exchange has nothing before ${formatTime(rows[0][0])}`)
  }
  return { symbol: source.symbol, source: text, widthMs: source.widthMs, candles: columnsOf(rows) }
}

interface Pull extends PullOptions {
  readonly since: number
  readonly text: string
  readonly file: PullFile
  /** The bars so far, oldest first; pages are added. */
  readonly rows: PulledRow[]
}

async function pullPages(
  exchange: OhlcvExchange,
  source: Extract<CandleSource, { kind: 'exchange' }>,
  { since, text, file, rows, signal, onProgress }: Pull,
): Promise<void> {
  stopIfAsked(signal, text, rows)
  const last = rows.at(-1)
  for await (const { bars, cursor, now } of closedBarPages(exchange, source, last ? last[0] + source.widthMs : since)) {
    await file.append(bars)
    rows.push(...bars)
    const fraction = Math.min(1, (cursor - since) / Math.max(1, now - since))
    onProgress?.(`${text}: ${rows.length} bars, up to ${formatTime(Math.min(cursor, now))}`, fraction)
    stopIfAsked(signal, text, rows)
  }
}

function stopIfAsked(signal: AbortSignal | undefined, source: string, rows: readonly PulledRow[]): void {
  if (signal?.aborted) throw new BullpenError('PULL_INTERRUPTED', { source, rows: rows.length })
}

/** Missing numbers become NaN, which the check of the series names. */
export function columnsOf(rows: readonly PulledRow[]): CandleColumns {
  const columns = emptyColumns(rows.length)
  rows.forEach(([openTime, open, high, low, close, volume], row) => {
    columns.openTime[row] = openTime
    columns.open[row] = open ?? NaN
    columns.high[row] = high ?? NaN
    columns.low[row] = low ?? NaN
    columns.close[row] = close ?? NaN
    columns.volume[row] = volume ?? NaN
  })
  return columns
}

function pullPath(source: Extract<CandleSource, { kind: 'exchange' }>, since: number, home: string): string {
  const name = [source.exchange, source.symbol, formatTimeframe(source.widthMs), formatTime(since)].join('-')
  return join(home, 'pulls', `${name.replace(/[^A-Za-z0-9]+/g, '-')}.jsonl`)
}
