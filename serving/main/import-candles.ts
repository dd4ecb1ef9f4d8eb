import { formatTimeframe, toCandles, type CandleStore } from '#core/candles'
import type { SeriesKey } from '../ports.ts'
import { openCandleSource } from '#platform/market-data'

export interface ImportOptions {
  readonly home: string
  readonly symbol?: string | undefined
  readonly timeframe?: string | undefined
  readonly signal: AbortSignal
  readonly onNote: (text: string) => void
}

/** Candles in one transaction of the store. */
const chunk = 10_000

/** Puts the candles of a source into the store; what is known already changes nothing. Throws what the source throws. */
export async function importCandles(source: string, store: CandleStore, options: ImportOptions): Promise<SeriesKey> {
  const { home, symbol, timeframe, signal, onNote } = options
  const series = await openCandleSource(source, {
    home,
    signal,
    store,
    onProgress: (text) => {
      onNote(text)
    },
    ...(symbol === undefined ? {} : { symbol }),
    ...(timeframe === undefined ? {} : { timeframe }),
  })
  const candles = toCandles(series)
  let inserted = 0
  for (let from = 0; from < candles.length; from += chunk) {
    const part = candles.slice(from, from + chunk)
    inserted += (await store.import(series.symbol, series.widthMs, part, Date.now())).inserted
  }
  onNote(
    `candles: ${series.symbol} ${formatTimeframe(series.widthMs)} from ${source}, ${inserted} of ${candles.length} new`,
  )
  return { symbol: series.symbol, widthMs: series.widthMs }
}

/** Whether candles of a source are a recording, which ends some day: nobody waits for its next one. */
export function isRecording(source: string): boolean {
  return !source.startsWith('exchange:') && !source.startsWith('store:')
}
