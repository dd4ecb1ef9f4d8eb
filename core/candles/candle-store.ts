import { BullpenError } from '#core/errors'
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
  /**
   * Open times must rise strictly. `seenAt` (ms) earlier than what the series has seen already counts as that time,
   * so that the order of revisions and the order of their times agree.
   */
  import(symbol: string, widthMs: number, candles: readonly Candle[], seenAt: number): Promise<CandleImport>
  /** By open time, from `from` to `to`, both inclusive open times in ms; empty when the series is unknown. */
  read(symbol: string, widthMs: number, range?: { from?: number; to?: number; asOf?: number }): Promise<Candle[]>
  /** By symbol, then width. */
  list(): Promise<StoredSeries[]>
}

/** A guard for adapters: one import names each bar once. */
export function requireRisingTimes(candles: readonly Candle[]): void {
  for (let i = 1; i < candles.length; i++) {
    if (candles[i]!.openTime > candles[i - 1]!.openTime) continue
    throw new BullpenError('INTERNAL', { reason: `candle ${i} to store does not open after the one before it` })
  }
}
