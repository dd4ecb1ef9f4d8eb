import type { Candle } from './candle.ts'

/** What an import did: `inserted` new bars, `unchanged` ones already known, `revised` ones whose values differ now. */
export interface CandleImport {
  readonly inserted: number
  readonly unchanged: number
  readonly revised: number
}

/** One stored series, for listings. Times are open times in ms. */
export interface StoredSeries {
  readonly symbol: string
  readonly widthMs: number
  readonly rows: number
  readonly firstOpenTime: number
  readonly lastOpenTime: number
  readonly revisions: number
}

/**
 * Where candles live between runs. Each bar keeps the time it was first seen; a later different value for the same bar
 * is kept as a further revision, never an overwrite. `read` answers the newest revision of each bar unless `asOf` (ms)
 * asks for what was known then. Writes are idempotent and atomic per call.
 */
export interface CandleStore {
  import(symbol: string, widthMs: number, candles: readonly Candle[], seenAt: number): Promise<CandleImport>
  read(symbol: string, widthMs: number, range?: { from?: number; to?: number; asOf?: number }): Promise<Candle[]>
  list(): Promise<StoredSeries[]>
}
