import { BullpenError } from '#core/errors'

/** The part of a ccxt exchange that a pull uses. */
export interface OhlcvExchange {
  readonly id: string
  readonly has: Readonly<Record<string, unknown>>
  readonly timeframes: Readonly<Record<string, unknown>>
  /** What the exchange declares of itself; bars per page stand in `spot.fetchOHLCV.limit`. */
  readonly features?: unknown
  loadMarkets(): Promise<unknown>
  fetchTime(): Promise<number | undefined>
  /** Rows `[ms, open, high, low, close, volume]` from `since` on, oldest first. */
  fetchOHLCV(symbol: string, timeframe: string, since: number, limit?: number): Promise<(number | undefined)[][]>
}

/**
 * An exchange by its ccxt name, with ccxt's own rate limiter and 3 retries of failed requests a second apart. ccxt is
 * loaded only here and only when asked for: it takes 0.65 s and 50 MB. Throws UNKNOWN_NAME.
 */
export async function connectExchange(name: string): Promise<OhlcvExchange> {
  const { default: ccxt } = await import('ccxt')
  const classes = ccxt as unknown as Readonly<Record<string, new (config: object) => OhlcvExchange>>
  const Exchange = ccxt.exchanges.includes(name) ? classes[name] : undefined
  if (!Exchange) {
    const known = `binance, bybit, coinbase, kraken, okx and ${ccxt.exchanges.length - 5} more that ccxt lists`
    throw new BullpenError('UNKNOWN_NAME', { kind: 'exchange', name, known })
  }
  const options = { maxRetriesOnFailure: 3, maxRetriesOnFailureDelay: 1000 }
  return new Exchange({ enableRateLimit: true, options })
}

/**
 * A failure of the exchange as ours; any other error as it is. All of ccxt's derive from its BaseError, and what may
 * pass if tried again (network, time-outs, rate limits, maintenance) from its OperationFailed.
 */
export function exchangeError(error: unknown, exchange: string): unknown {
  const names = error instanceof Error ? classNames(error) : []
  if (!(error instanceof Error) || !names.includes('BaseError')) return error
  const details = { exchange, reason: `${error.name}: ${error.message}`.replace(/\s+/g, ' ').slice(0, 300) }
  const code = names.includes('OperationFailed') ? 'EXCHANGE_UNREACHABLE' : 'EXCHANGE_REFUSED'
  return new BullpenError(code, details, { cause: error })
}

function classNames(error: Error): string[] {
  const names: string[] = []
  for (let at = Object.getPrototypeOf(error) as object | null; at; at = Object.getPrototypeOf(at) as object | null) {
    names.push(at.constructor.name)
  }
  return names
}
