import type { CandleStore, StoredSeries } from '#core/candles'
import type { FeatureSet } from '#core/features'
import type { FeatureSnapshot } from '#core/registry'
import type { SeriesKey } from '../ports.ts'
import { SeriesTrack, type TrackOptions } from './series-track.ts'

/** How much of a series the store had when it was read. Both only grow, and every change makes one of them grow. */
export interface StoredCounts {
  readonly rows: number
  readonly revisions: number
}

export interface LoadedTrack {
  readonly track: SeriesTrack
  /** Counted before the candles were read: a change in between shows as a difference later. */
  readonly stored: StoredCounts
  /** Open time (ms) of the snapshot it was computed from; null when from the first candle on. */
  readonly resumedAt: number | null
}

/** Widths of time that one read of the store covers, so that a long history is never in memory at once. */
const readWidths = 20_000

/**
 * The track of a stored history. It starts from the newest snapshot whose digest is that of the history and after which
 * enough rows follow to fill the recent ones; without one, the whole history is computed (9 microseconds a candle).
 */
export async function loadTrack(
  { symbol, widthMs }: SeriesKey,
  set: FeatureSet,
  store: CandleStore,
  snapshots: readonly FeatureSnapshot[],
  options: TrackOptions,
): Promise<LoadedTrack> {
  const series = await storedSeries(store, { symbol, widthMs })
  const stored = { rows: series?.rows ?? 0, revisions: series?.revisions ?? 0 }
  const newestUseful = series ? series.lastOpenTime - options.rowsKept * widthMs : -Infinity
  const candidates = snapshots.filter(({ openTime }) => openTime <= newestUseful)
  for (const snapshot of [...candidates, null]) {
    const track = new SeriesTrack(set, widthMs, options)
    if (!series || (await fill(track, series, store, snapshot))) {
      return { track, stored, resumedAt: snapshot?.openTime ?? null }
    }
  }
  throw new Error('a track without a snapshot is always filled')
}

/** The series as the store lists it; undefined when it has none. */
export async function storedSeries(store: CandleStore, key: SeriesKey): Promise<StoredSeries | undefined> {
  const all = await store.list()
  return all.find(({ symbol, widthMs }) => symbol === key.symbol && widthMs === key.widthMs)
}

/** Reads the history into the track; false when it is not the one the snapshot was taken of. */
async function fill(
  track: SeriesTrack,
  { symbol, widthMs, firstOpenTime, lastOpenTime }: StoredSeries,
  store: CandleStore,
  snapshot: FeatureSnapshot | null,
): Promise<boolean> {
  const step = readWidths * widthMs
  let resumed = snapshot === null
  for (let from = firstOpenTime; from <= lastOpenTime; from += step) {
    const last = from + step > lastOpenTime
    const candles = await store.read(symbol, widthMs, last ? { from } : { from, to: from + step - 1 })
    let next = 0
    for (; !resumed && next < candles.length; next++) {
      if (candles[next]!.openTime > snapshot!.openTime) return false
      track.skim(candles[next]!)
      if (candles[next]!.openTime !== snapshot!.openTime) continue
      if (track.digest() !== snapshot!.digest) return false
      track.resume(snapshot!)
      resumed = true
    }
    track.push(next === 0 ? candles : candles.slice(next))
  }
  return resumed
}
