import type { CandleStore } from '#core/candles'
import type { EquityCurve, EquityDesk, GivenVerdict, PredictionLog, SeriesBook, SeriesKey } from '../ports.ts'
import { equityCurve } from './equity.ts'

export interface LoggedEquityOptions {
  readonly book: Pick<SeriesBook, 'view'>
  readonly log: Pick<PredictionLog, 'page'>
  readonly store: Pick<CandleStore, 'read'>
  /** 10 unless given: what a taker pays at the larger exchanges. */
  readonly feesBps?: number
  /** Verdicts that a curve goes back over, 10,000 unless given. */
  readonly limit?: number
}

/** Verdicts read from the log at once. */
const pageRows = 1000

/** The equity of the logged verdicts, computed once for each state of a series. */
export class LoggedEquity implements EquityDesk {
  readonly #options: Required<LoggedEquityOptions>
  readonly #held = new Map<string, { readonly revision: number; readonly curve: Promise<EquityCurve> }>()

  constructor(options: LoggedEquityOptions) {
    this.#options = { feesBps: 10, limit: 10_000, ...options }
  }

  /** As the port says; also throws NO_CANDLES and DATABASE_UNAVAILABLE. */
  async curve(key: SeriesKey): Promise<EquityCurve> {
    const { revision } = this.#options.book.view(key)
    const name = `${key.widthMs} ${key.symbol}`
    const held = this.#held.get(name)
    if (held?.revision === revision) return held.curve
    const curve = this.#compute(key)
    this.#held.set(name, { revision, curve })
    // A failure is not kept: who asks next tries again.
    curve.catch(() => this.#held.delete(name))
    return curve
  }

  async #compute(key: SeriesKey): Promise<EquityCurve> {
    const { log, store, feesBps, limit } = this.#options
    const verdicts: GivenVerdict[] = []
    for (;;) {
      const before = verdicts.at(-1)?.id
      const page = await log.page({ ...key, limit: pageRows, ...(before === undefined ? {} : { before }) })
      verdicts.push(...page)
      if (page.length < pageRows || verdicts.length >= limit) break
    }
    const from = verdicts.reduce((least, { openTime }) => Math.min(least, openTime), Infinity)
    const candles = verdicts.length > 0 ? await store.read(key.symbol, key.widthMs, { from }) : []
    return equityCurve({ widthMs: key.widthMs, candles, verdicts, feesBps })
  }
}
