import { formatTimeframe, type Candle, type CandleStore } from '#core/candles'
import { asBullpenError, BullpenError } from '#core/errors'
import type { FeatureSet } from '#core/features'
import type { FeatureSnapshots, SnapshotSeries } from '#core/registry'
import type { AwaitedSeries, CandleReceipt, SeriesBook, SeriesKey, SeriesView } from '../ports.ts'
import { checkCandles } from './check-candles.ts'
import { InOrder } from './in-order.ts'
import { loadTrack, storedSeries, type StoredCounts } from './load-track.ts'
import type { SeriesTrack, TrackGaps } from './series-track.ts'

export interface FeatureBookOptions {
  readonly store: CandleStore
  readonly snapshots: FeatureSnapshots
  /** ms; the system's unless given. */
  readonly clock?: () => number
  /** `keep` unless given, as for training. */
  readonly gaps?: TrackGaps
  /** Candles of a series kept in memory, 4,000 unless given; bars revised further back are computed from a snapshot. */
  readonly candlesKept?: number
  /** Settled rows of features kept in memory, 256 unless given. */
  readonly rowsKept?: number
  /** Candles from one snapshot to the next, 256 unless given. */
  readonly snapshotEvery?: number
  /** Candles that one call may have, 50,000 unless given. */
  readonly callLimit?: number
  /** Calls of one series that may wait for their turn, 256 unless given. */
  readonly queueLimit?: number
  /** Told what went wrong without keeping anyone from an answer: a snapshot that could not be read or kept. */
  readonly onNote?: (text: string, error?: unknown) => void
}

interface Served {
  readonly key: SeriesKey
  track: SeriesTrack
  stored: StoredCounts
  view: SeriesView | undefined
  revision: number
  /** The store has something that the track has not, because reading it back failed. */
  behind: boolean
}

/**
 * The served series: what `computeFeatures` says of the stored candles, bit for bit, whatever order they came in.
 *
 * What becomes of a candle:
 *
 * | candle                                        | answer                                                          |
 * | --------------------------------------------- | --------------------------------------------------------------- |
 * | newer than the newest, also after a hole      | appended; a hole is counted as `gaps` says, and may be filled later |
 * | known with the same values, or twice in a call | repeated: nothing happens                                      |
 * | known with other values                       | revised: a further revision in the store, features from there anew |
 * | older than the newest and missing             | revised: stored, features from there anew                       |
 * | two different ones of one time in a call      | CANDLES_CONTRADICT                                              |
 * | not closed, or in the future                  | CANDLE_NOT_CLOSED, CANDLE_IN_FUTURE                             |
 * | off the grid of the series                    | CANDLES_OFF_GRID                                                |
 * | impossible numbers                            | CANDLE_NOT_FINITE, CANDLE_PRICE, CANDLE_VOLUME, CANDLE_HIGH, CANDLE_LOW |
 * | too many in a call                            | CANDLES_TOO_MANY                                                |
 *
 * A refused candle refuses its whole call, and nothing is changed. Candles are stored before the features move; if
 * reading back what a revision needs fails then, the call throws, and the next one, or the follower, catches up.
 */
export class FeatureBook implements SeriesBook {
  readonly #options: Required<FeatureBookOptions>
  readonly #served = new Map<string, Served>()
  readonly #awaited = new Map<string, AwaitedSeries>()
  readonly #listeners: ((key: SeriesKey) => void)[] = []
  readonly #servedListeners: ((key: SeriesKey) => void)[] = []
  readonly #inOrder: InOrder

  constructor(options: FeatureBookOptions) {
    this.#options = {
      clock: Date.now,
      gaps: 'keep',
      candlesKept: 4000,
      rowsKept: 256,
      snapshotEvery: 256,
      callLimit: 50_000,
      queueLimit: 256,
      onNote: () => undefined,
      ...options,
    }
    this.#inOrder = new InOrder(this.#options.queueLimit)
  }

  keys(): readonly SeriesKey[] {
    return [...this.#served.values()].map(({ key }) => key)
  }

  awaited(): readonly AwaitedSeries[] {
    return [...this.#awaited.values()]
  }

  view(key: SeriesKey): SeriesView {
    const served = this.#find(key)
    if (served.view) return served.view
    const { symbol, widthMs } = key
    throw new BullpenError('NO_CANDLES', { symbol, timeframe: formatTimeframe(widthMs) })
  }

  candles(key: SeriesKey, limit: number): readonly Candle[] {
    return this.#find(key).track.candles(limit)
  }

  recentFeatures(key: SeriesKey, limit: number): readonly Float64Array[] {
    return this.#find(key).track.recentFeatures(limit)
  }

  featuresIfClosedAt(key: SeriesKey, close: number): Float64Array | undefined {
    return this.#find(key).track.featuresIfClosedAt(close)
  }

  onChange(listener: (key: SeriesKey) => void): void {
    this.#listeners.push(listener)
  }

  /** Called when a series is served for the first time, be there candles of it or none. */
  onServed(listener: (key: SeriesKey) => void): void {
    this.#servedListeners.push(listener)
  }

  async serve(key: SeriesKey, set: FeatureSet): Promise<void> {
    await this.#inOrder.run(key, async () => {
      const served = this.#served.get(nameOf(key))
      if (served?.track.set.hash === set.hash) return
      try {
        await this.#load(key, set)
        this.#awaited.delete(nameOf(key))
        if (!served) for (const listener of this.#servedListeners) listener(key)
      } catch (error) {
        if (!served) this.#await(key, error)
        throw error
      }
    })
  }

  /** Throws SERIES_NOT_SERVED, SERIES_BUSY, what checkCandles throws, and what the store throws. */
  async apply(key: SeriesKey, candles: readonly Candle[]): Promise<CandleReceipt> {
    this.#find(key)
    return this.#inOrder.run(key, async () => {
      const served = this.#find(key)
      if (served.behind) await this.#load(key, served.track.set)
      return this.#take(this.#find(key), candles)
    })
  }

  /** Takes what the store has got from others since; whether there was anything. Throws what the store throws. */
  async sync(key: SeriesKey): Promise<boolean> {
    return this.#inOrder.run(key, async () => {
      const served = this.#find(key)
      const listed = await storedSeries(this.#options.store, key)
      const now = { rows: listed?.rows ?? 0, revisions: listed?.revisions ?? 0 }
      if (!served.behind && now.rows === served.stored.rows && now.revisions === served.stored.revisions) return false
      await this.#catchUp(served, now)
      return true
    })
  }

  /** Keeps the state of every series for the next start, once the calls under way are over. Takes no calls after. */
  async close(): Promise<void> {
    await this.#inOrder.close()
    for (const served of this.#served.values()) await this.#keep(served, served.track.snapshot())
  }

  async #take(served: Served, given: readonly Candle[]): Promise<CandleReceipt> {
    const { store, clock, callLimit } = this.#options
    const { key, track } = served
    const now = clock()
    const check = { limit: callLimit, now, known: track.newest }
    const { candles, repeats } = checkCandles(key, given, check)
    const end = track.newest?.openTime ?? -Infinity
    const older = candles.filter(({ openTime }) => openTime <= end)
    const fresh = candles.slice(older.length)
    const isKnown = track.holds(older)
    const { inserted, unchanged, revised } = await store.import(key.symbol, key.widthMs, candles, now)
    // What is newer may be in the store already: another replica was faster.
    const late = Math.max(0, inserted - fresh.length)
    served.stored = {
      rows: served.stored.rows + Math.max(inserted, fresh.length),
      revisions: served.stored.revisions + revised,
    }
    const isRepeat = inserted === 0 && revised === 0 && fresh.length === 0
    if (revised === 0 && isKnown) await this.#append(served, fresh)
    else if (!isRepeat) await this.#recompute(served, candles[0]!.openTime)
    const { newest } = this.#find(key).track
    return {
      appended: inserted - late,
      repeated: unchanged + repeats,
      revised: revised + late,
      newestOpenTime: newest!.openTime,
    }
  }

  async #append(served: Served, fresh: readonly Candle[]): Promise<void> {
    if (fresh.length === 0) return
    const { checkpoint } = served.track
    served.track.push(fresh)
    this.#changed(served)
    if (served.track.checkpoint !== checkpoint) await this.#keep(served, served.track.checkpoint)
  }

  /** Computes the features anew from the bar at `from` on, starting at the last checkpoint before it. */
  async #recompute(served: Served, from: number): Promise<void> {
    const { key, track } = served
    served.behind = true
    const checkpoint = track.checkpointBefore(from)
    if (!checkpoint) return this.#load(key, track.set)
    const candles = await this.#options.store.read(key.symbol, key.widthMs, { from: checkpoint.openTime + 1 })
    track.rewindTo(checkpoint)
    served.behind = false
    await this.#append(served, candles)
  }

  async #catchUp(served: Served, now: StoredCounts): Promise<void> {
    const { key, track, stored } = served
    const { newest } = track
    const from = newest ? newest.openTime + 1 : -Infinity
    const fresh = served.behind ? [] : await this.#options.store.read(key.symbol, key.widthMs, { from })
    const onlyNew = now.revisions === stored.revisions && now.rows === stored.rows + fresh.length
    if (served.behind || !onlyNew) return this.#load(key, track.set)
    served.stored = now
    await this.#append(served, fresh)
  }

  async #load(key: SeriesKey, set: FeatureSet): Promise<void> {
    const { store, snapshots, onNote, gaps, candlesKept, rowsKept, snapshotEvery } = this.#options
    const options = { gaps, candlesKept, rowsKept, blockCandles: snapshotEvery }
    const kept = await snapshots.list(this.#snapshotSeries(key, set)).catch((error: unknown) => {
      onNote('feature snapshots cannot be read; the whole history is computed', error)
      return []
    })
    const { track, stored } = await loadTrack(key, set, store, kept, options)
    const before = this.#served.get(nameOf(key))
    const revision = before?.revision ?? 0
    const served = { key, track, stored, view: undefined, revision, behind: false }
    this.#served.set(nameOf(key), served)
    if (!track.newest) return
    this.#changed(served)
    // The newest to go back to when bars are revised, and one that leaves enough rows for the next start.
    const forNextStart = track.checkpointBefore(track.newest.openTime - rowsKept * key.widthMs)
    if (forNextStart && forNextStart !== track.checkpoint) await this.#keep(served, forNextStart)
    await this.#keep(served, track.checkpoint)
  }

  async #keep({ key, track }: Served, snapshot: SeriesTrack['checkpoint']): Promise<void> {
    if (!snapshot) return
    const { snapshots, onNote } = this.#options
    await snapshots.save(this.#snapshotSeries(key, track.set), snapshot).catch((error: unknown) => {
      onNote('a feature snapshot could not be kept; a later start computes more', error)
    })
  }

  #snapshotSeries({ symbol, widthMs }: SeriesKey, set: FeatureSet): SnapshotSeries {
    return { symbol, widthMs, featureSetHash: set.hash, gaps: this.#options.gaps }
  }

  #changed(served: Served): void {
    const { key, track } = served
    served.revision += 1
    served.view = {
      key,
      newest: track.newest!,
      features: track.features,
      set: track.set,
      settledRows: track.settledRows,
      revision: served.revision,
    }
    for (const listener of this.#listeners) {
      try {
        listener(key)
      } catch (error) {
        this.#options.onNote('a listener to changes of a series failed', error)
      }
    }
  }

  /** Only the code goes into answers: what a driver says may name hosts and paths. */
  #await({ symbol, widthMs }: SeriesKey, error: unknown): void {
    const { code: cause } = asBullpenError(error)
    const words = { symbol, timeframe: formatTimeframe(widthMs), cause }
    const key = { symbol, widthMs }
    this.#awaited.set(nameOf(key), { key, error: new BullpenError('CANDLES_UNAVAILABLE', words, { cause: error }) })
  }

  #find(key: SeriesKey): Served {
    const served = this.#served.get(nameOf(key))
    if (served) return served
    const awaited = this.#awaited.get(nameOf(key))
    if (awaited) throw awaited.error
    const known = this.keys().map((each) => `${each.symbol} ${formatTimeframe(each.widthMs)}`)
    throw new BullpenError('SERIES_NOT_SERVED', {
      symbol: key.symbol,
      timeframe: formatTimeframe(key.widthMs),
      known: known.join(', ') || 'none',
    })
  }
}

function nameOf({ symbol, widthMs }: SeriesKey): string {
  return `${widthMs} ${symbol}`
}
