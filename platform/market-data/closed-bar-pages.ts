import { formatTimeframe, isClosed } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { OhlcvExchange } from './connect-exchange.ts'
import type { PulledRow } from './pull-file.ts'

/** How far to go on when an exchange gives an empty page and does not say how long its pages are. */
const defaultPage = 100

/** A page of closed bars: how far the pages have come, and the exchange's time when they began; all in ms. */
export interface BarPage {
  /** Oldest first, none older than asked for. */
  readonly bars: readonly PulledRow[]
  readonly cursor: number
  readonly now: number
}

/**
 * Closed bars of an exchange from `since` (ms) on, page by page at the pace ccxt's rate limiter sets. Which bars are
 * closed is told by the exchange's clock where it has one. Throws UNKNOWN_NAME for a width it does not have, and
 * whatever ccxt throws.
 */
export async function* closedBarPages(
  exchange: OhlcvExchange,
  { symbol, widthMs }: { readonly symbol: string; readonly widthMs: number },
  since: number,
): AsyncGenerator<BarPage> {
  const timeframe = formatTimeframe(widthMs)
  requireWidth(exchange, timeframe)
  await exchange.loadMarkets()
  const now = (exchange.has.fetchTime ? await exchange.fetchTime() : undefined) ?? Date.now()
  const limit = pageLimit(exchange)
  let cursor = since
  while (isClosed(cursor, widthMs, now)) {
    const page = (await exchange.fetchOHLCV(symbol, timeframe, cursor, limit)).map((row) => toRow(row, exchange.id))
    const bars = page
      .filter(([openTime]) => openTime >= cursor && isClosed(openTime, widthMs, now))
      .sort(([a], [b]) => a - b)
    const newest = bars.at(-1)
    const isForming = !newest && page.some(([openTime]) => openTime >= cursor)
    cursor = newest ? newest[0] + widthMs : cursor + (limit ?? defaultPage) * widthMs
    if (!isForming) yield { bars, cursor, now }
    else return
  }
}

function requireWidth(exchange: OhlcvExchange, timeframe: string): void {
  const known = Object.keys(exchange.timeframes)
  if (known.includes(timeframe)) return
  throw new BullpenError('UNKNOWN_NAME', { kind: `width at ${exchange.id}`, name: timeframe, known: known.join(', ') })
}

function pageLimit(exchange: OhlcvExchange): number | undefined {
  const features = exchange.features as { spot?: { fetchOHLCV?: { limit?: number } } } | undefined
  return features?.spot?.fetchOHLCV?.limit
}

function toRow([openTime, ...values]: readonly (number | undefined)[], exchange: string): PulledRow {
  if (openTime === undefined) throw new BullpenError('EXCHANGE_REFUSED', { exchange, reason: 'a bar has no time' })
  return [openTime, ...Array.from({ length: 5 }, (_, i) => values[i] ?? null)]
}
