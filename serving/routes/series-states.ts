import { formatTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { ServiceParts } from '../app/service-parts.ts'
import type { SeriesKey, ServedModel } from '../ports.ts'
import { freshnessOf } from '../verdicts/staleness-watch.ts'

/** Where one served series stands. */
export interface SeriesState {
  readonly key: SeriesKey
  readonly timeframe: string
  readonly rows: number
  /** ms; null while there is no candle. */
  readonly newestOpenTime: number | null
  readonly stale: boolean
  /** Null while none answers. */
  readonly model: ServedModel | null
  /** Why it has no state yet; null when it has one. */
  readonly away: BullpenError | null
}

/** Every served series as it is now, and those that are to be served. */
export function seriesStates({
  book,
  champions,
  now,
}: Pick<ServiceParts, 'book' | 'champions' | 'now'>): SeriesState[] {
  const served = book.keys().map((key) => {
    const view = unlessMissing(() => book.view(key))
    const newestOpenTime = view?.newest.openTime ?? null
    return {
      key,
      timeframe: formatTimeframe(key.widthMs),
      rows: view?.settledRows ?? 0,
      newestOpenTime,
      stale: newestOpenTime === null || freshnessOf(newestOpenTime, key.widthMs, now()).stale,
      model: unlessMissing(() => champions.of(key)),
      away: null,
    }
  })
  const awaited = book.awaited().map(({ key, error }) => {
    const model = unlessMissing(() => champions.of(key))
    return {
      key,
      timeframe: formatTimeframe(key.widthMs),
      rows: 0,
      newestOpenTime: null,
      stale: true,
      model,
      away: error,
    }
  })
  return [...served, ...awaited]
}

/** Null for what is not there yet; a defect is a defect. */
function unlessMissing<T>(look: () => T): T | null {
  try {
    return look()
  } catch (error) {
    const missing = ['NO_CANDLES', 'NO_MODEL', 'SERIES_NOT_SERVED', 'CHAMPION_UNKNOWN']
    if (error instanceof BullpenError && missing.includes(error.code)) return null
    throw error
  }
}
