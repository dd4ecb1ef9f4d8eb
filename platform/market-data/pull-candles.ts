import { join } from 'node:path'
import {
  emptyColumns,
  formatTime,
  formatTimeframe,
  isClosed,
  type CandleColumns,
  type SeriesInput,
} from '#core/candles'
import { BullpenError } from '#core/errors'
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

/** How far to go on when an exchange gives an empty page and does not say how long its pages are. */
const defaultPage = 100

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
  const timeframe = formatTimeframe(source.widthMs)
  requireWidth(exchange, timeframe)
  const file = new PullFile(pullPath(source, since, options.home), `${text} since ${formatTime(since)}`)
  const rows = await file.open()
  if (rows.length > 0) options.onProgress?.(`${text}: going on after ${rows.length} bars kept earlier`)
  try {
    await pullPages(exchange, source, { ...options, since, text, timeframe, file, rows })
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
  readonly timeframe: string
  readonly file: PullFile
  /** The bars so far, oldest first; pages are added. */
  readonly rows: PulledRow[]
}

async function pullPages(
  exchange: OhlcvExchange,
  { symbol, widthMs }: Extract<CandleSource, { kind: 'exchange' }>,
  { since, text, timeframe, file, rows, signal, onProgress }: Pull,
): Promise<void> {
  stopIfAsked(signal, text, rows)
  await exchange.loadMarkets()
  const now = (exchange.has.fetchTime ? await exchange.fetchTime() : undefined) ?? Date.now()
  const limit = pageLimit(exchange)
  const last = rows.at(-1)
  let cursor = last ? last[0] + widthMs : since
  while (isClosed(cursor, widthMs, now)) {
    stopIfAsked(signal, text, rows)
    const page = (await exchange.fetchOHLCV(symbol, timeframe, cursor, limit)).map((row) => toRow(row, exchange.id))
    const fresh = page
      .filter(([openTime]) => openTime >= cursor && isClosed(openTime, widthMs, now))
      .sort(([a], [b]) => a - b)
    await file.append(fresh)
    rows.push(...fresh)
    const newest = fresh.at(-1)
    if (!newest && page.some(([openTime]) => openTime >= cursor)) break // Only the bar that is still forming is left.
    cursor = newest ? newest[0] + widthMs : cursor + (limit ?? defaultPage) * widthMs
    const fraction = Math.min(1, (cursor - since) / Math.max(1, now - since))
    onProgress?.(`${text}: ${rows.length} bars, up to ${formatTime(Math.min(cursor, now))}`, fraction)
  }
}

function requireWidth(exchange: OhlcvExchange, timeframe: string): void {
  const known = Object.keys(exchange.timeframes)
  if (known.includes(timeframe)) return
  throw new BullpenError('UNKNOWN_NAME', { kind: `width at ${exchange.id}`, name: timeframe, known: known.join(', ') })
}

function stopIfAsked(signal: AbortSignal | undefined, source: string, rows: readonly PulledRow[]): void {
  if (signal?.aborted) throw new BullpenError('PULL_INTERRUPTED', { source, rows: rows.length })
}

function pageLimit(exchange: OhlcvExchange): number | undefined {
  const features = exchange.features as { spot?: { fetchOHLCV?: { limit?: number } } } | undefined
  return features?.spot?.fetchOHLCV?.limit
}

function toRow([openTime, ...values]: readonly (number | undefined)[], exchange: string): PulledRow {
  if (openTime === undefined) throw new BullpenError('EXCHANGE_REFUSED', { exchange, reason: 'a bar has no time' })
  return [openTime, ...Array.from({ length: 5 }, (_, i) => values[i] ?? null)]
}

function columnsOf(rows: readonly PulledRow[]): CandleColumns {
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
