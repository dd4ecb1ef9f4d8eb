import { toCandles, type Candle } from '#core/candles'
import { closedBarPages } from './closed-bar-pages.ts'
import { connectExchange, exchangeError, type OhlcvExchange } from './connect-exchange.ts'
import { columnsOf } from './pull-candles.ts'
import type { PulledRow } from './pull-file.ts'

/** Newly closed bars of one exchange, for those who ask again and again. Connects when first asked, then stays so. */
export class ExchangeBars {
  readonly #name: string
  readonly #connect: (name: string) => Promise<OhlcvExchange>
  #exchange: Promise<OhlcvExchange> | undefined

  /** `name` as ccxt has it; `connect` opens the exchange, ccxt's unless given. */
  constructor(name: string, connect = connectExchange) {
    this.#name = name
    this.#connect = connect
  }

  /**
   * Closed bars from `from` (ms, an open time) on, oldest first; not checked. Throws UNKNOWN_NAME, EXCHANGE_REFUSED,
   * EXCHANGE_UNREACHABLE.
   */
  async since(symbol: string, widthMs: number, from: number): Promise<Candle[]> {
    this.#exchange ??= this.#connect(this.#name)
    const rows: PulledRow[] = []
    try {
      const exchange = await this.#exchange
      for await (const { bars } of closedBarPages(exchange, { symbol, widthMs }, from)) rows.push(...bars)
    } catch (error) {
      // The next call connects anew: a connection that failed would fail for ever.
      this.#exchange = undefined
      throw exchangeError(error, this.#name)
    }
    return toCandles(columnsOf(rows))
  }
}
