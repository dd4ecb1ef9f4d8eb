import { candleFields, type Candle } from '#core/candles'
import { openFeatureStream, type FeatureSet, type FeatureStream } from '#core/features'
import type { FeatureSnapshot } from '#core/registry'
import { HistoryDigest } from './history-digest.ts'
import { Recent } from './recent.ts'

/** What a gap does to the features: `keep` counts rows, not hours, as training does unless told; `split` starts afresh. */
export type TrackGaps = 'keep' | 'split'

export interface TrackOptions {
  readonly gaps: TrackGaps
  /** Candles and settled rows kept for those who ask for recent ones. */
  readonly candlesKept: number
  readonly rowsKept: number
  /** Candles from one checkpoint to the next; checkpoints are kept for as long as the candles after them are. */
  readonly blockCandles: number
}

/** A state that the track can go back to. */
export interface Checkpoint extends FeatureSnapshot {
  /** Candles taken up to it. */
  readonly count: number
}

/**
 * The features of one series as its candles come: what `computeFeatures` says of the same candles, bit for bit, because
 * it is the same kernels. Pure: it knows no store and no clock. The end of the series can be taken back to a checkpoint,
 * which is how a revised bar is put right without computing the whole history.
 */
export class SeriesTrack {
  readonly set: FeatureSet
  readonly widthMs: number
  readonly #options: TrackOptions
  readonly #digest: HistoryDigest
  readonly #candles: Recent<Candle>
  readonly #rows: Recent<{ readonly openTime: number; readonly features: Float64Array }>
  readonly #checkpoints: Recent<Checkpoint>
  #stream: FeatureStream
  #probe: FeatureStream | undefined
  /** State before the newest candle. */
  #before: Float64Array = new Float64Array()
  #segmentRows = 0
  #count = 0

  constructor(set: FeatureSet, widthMs: number, options: TrackOptions) {
    this.set = set
    this.widthMs = widthMs
    this.#options = options
    this.#digest = new HistoryDigest(widthMs * options.blockCandles)
    this.#candles = new Recent(options.candlesKept)
    this.#rows = new Recent(options.rowsKept)
    this.#checkpoints = new Recent(Math.max(1, Math.floor(options.candlesKept / options.blockCandles) - 1))
    this.#stream = openFeatureStream(set)
  }

  /** Candles taken, skimmed ones included. */
  get count(): number {
    return this.#count
  }

  get newest(): Candle | undefined {
    return this.#candles.newest
  }

  /** Candles since the start of the segment, counted to one more than the warm-up. */
  get settledRows(): number {
    return Math.min(this.#segmentRows, this.set.warmup + 1)
  }

  /** Features of the newest candle; undefined until settled. */
  get features(): Float64Array | undefined {
    return this.settled ? this.#rows.newest?.features : undefined
  }

  get settled(): boolean {
    return this.#segmentRows > this.set.warmup
  }

  /** The last checkpoint passed. */
  get checkpoint(): FeatureSnapshot | undefined {
    return this.#checkpoints.newest
  }

  /** Whether each of these is among the candles kept, with the same values. */
  holds(candles: readonly Candle[]): boolean {
    if (candles.length === 0) return true
    const kept = new Map(this.#candles.last(Infinity).map((candle) => [candle.openTime, candle]))
    return candles.every((candle) => {
      const known = kept.get(candle.openTime)
      return known !== undefined && candleFields.every((field) => known[field] === candle[field])
    })
  }

  candles(limit: number): Candle[] {
    return this.#candles.last(limit)
  }

  /** Features of the last settled rows, oldest first. */
  recentFeatures(limit: number): Float64Array[] {
    return this.#rows.last(limit).map(({ features }) => features)
  }

  /** Takes the next candles: valid, on the grid, rising, newer than all before. */
  push(candles: readonly Candle[]): void {
    const last = candles.length - 1
    const firstKept = candles.length - this.#options.rowsKept
    candles.forEach((candle, i) => {
      this.#enter(candle)
      if (i === last) this.#before = this.#stream.save()
      this.#segmentRows += 1
      if (i < firstKept) this.#stream.advance(candle)
      else this.#keepRow(candle.openTime, this.#stream.step(candle))
      this.#note(candle)
    })
  }

  /** Takes a candle without computing anything: for those before a state that {@link resume} will give. */
  skim(candle: Candle): void {
    this.#note(candle)
  }

  /** Goes on from a state after the newest candle. The caller has compared the digests. */
  resume({ state, segmentRows }: FeatureSnapshot): void {
    this.#stream.restore(state)
    this.#segmentRows = segmentRows
  }

  /** Digest of all candles taken. */
  digest(): string {
    return this.#digest.digest()
  }

  /** The state after the newest candle; undefined while there is none. */
  snapshot(): FeatureSnapshot | undefined {
    const { newest } = this
    return newest && this.#snapshotAfter(newest)
  }

  /**
   * The last checkpoint in a block before that of `openTime`; undefined when none is kept. One in the same block will not
   * do, though it lies before: the block would be digested as two.
   */
  checkpointBefore(openTime: number): Checkpoint | undefined {
    return this.#checkpoints.last(Infinity).findLast(({ block }) => block < this.#digest.blockOf(openTime))
  }

  /** Takes back everything after a checkpoint of this track. */
  rewindTo(checkpoint: Checkpoint): void {
    const isLater = (each: { readonly openTime: number }): boolean => each.openTime > checkpoint.openTime
    this.#checkpoints.dropWhile(isLater)
    this.#candles.dropWhile(isLater)
    this.#rows.dropWhile(isLater)
    this.#digest.restart(checkpoint.digest)
    this.#count = checkpoint.count
    this.resume(checkpoint)
  }

  /** Features of the newest candle as if it had closed at `close`; undefined until settled. */
  featuresIfClosedAt(close: number): Float64Array | undefined {
    const { newest } = this
    if (!newest || !this.settled) return undefined
    this.#probe ??= openFeatureStream(this.set)
    this.#probe.restore(this.#before)
    const { high, low } = newest
    return this.#probe.step({ ...newest, close, high: Math.max(high, close), low: Math.min(low, close) }).slice()
  }

  /** Leaves a checkpoint at the end of a block; starts a segment after a gap that splits. */
  #enter(candle: Candle): void {
    const { newest } = this
    if (!newest) return
    if (this.#digest.blockOf(candle.openTime) !== this.#digest.blockOf(newest.openTime)) {
      this.#checkpoints.push({ ...this.#snapshotAfter(newest), count: this.#count })
    }
    if (this.#options.gaps === 'split' && candle.openTime - newest.openTime > this.widthMs) {
      this.#stream = openFeatureStream(this.set)
      this.#segmentRows = 0
    }
  }

  #keepRow(openTime: number, row: Float64Array): void {
    if (this.settled) this.#rows.push({ openTime, features: row.slice() })
  }

  #note(candle: Candle): void {
    this.#digest.push(candle)
    this.#candles.push(candle)
    this.#count += 1
  }

  #snapshotAfter({ openTime }: Candle): FeatureSnapshot {
    return {
      openTime,
      block: this.#digest.blockOf(openTime),
      segmentRows: this.#segmentRows,
      digest: this.#digest.digest(),
      state: this.#stream.save(),
    }
  }
}
