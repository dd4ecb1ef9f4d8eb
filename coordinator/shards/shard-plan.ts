import { seriesToColumns, sliceSeries, type CandleSeries } from '#core/candles'
import { encodeColumns } from '#core/columnar'
import { freshState, shardBars, shardRanges, type FeatureSet } from '#core/features'
import { sha256, sha256Json } from '#core/hashing'

/**
 * Rows of warm-up before a guessed start. A fresh state has become the true one, to the bit, after at most 3,829 rows
 * of the reference set (EMA200, last seen on the 8,504 real 4-hour candles; 3,186 on 120,000 one-minute candles) and
 * 540 of the classic one; this is twice that. A guess that is wrong costs time, never exactness.
 */
const guessWarmup = 8192

/** Shards between guessed starts: the warm-up is then a quarter of the rows computed, a tenth of the work. */
const laneShards = 16

/** The sizes of a plan; the defaults were measured, tests take smaller ones. */
export interface ShardSizes {
  readonly bars: number
  readonly warmup: number
  readonly lane: number
}

export const shardSizes: ShardSizes = { bars: shardBars, warmup: guessWarmup, lane: laneShards }

/** What one shard is computed from, and the key that stands for it. */
export interface ShardWork {
  readonly key: string
  /** Bytes of the column file of its candles, warm-up first. */
  readonly candles: Uint8Array
  readonly warmup: number
}

/** How a series falls into shards. The keys say everything: feature set, candles, their gaps, the state before them. */
export class ShardPlan {
  readonly set: FeatureSet
  readonly ranges: readonly { readonly start: number; readonly end: number }[]
  private readonly series: CandleSeries
  private readonly sizes: ShardSizes
  private readonly segmentStarts: readonly number[]

  constructor(series: CandleSeries, set: FeatureSet, sizes: ShardSizes = shardSizes) {
    this.series = series
    this.set = set
    this.sizes = sizes
    this.ranges = shardRanges(series, sizes.bars)
    this.segmentStarts = series.segments.map(({ start }) => start)
  }

  /** Whether a segment starts with the shard, so that it continues nothing. */
  startsAfresh(shard: number): boolean {
    return this.segmentStarts.includes(this.ranges[shard]!.start)
  }

  /** The shard as continuation of `state` (a hash); of nothing where it starts afresh. */
  continuing(shard: number, state: string): ShardWork {
    return this.work(shard, 0, this.startsAfresh(shard) ? freshState(this.set) : state)
  }

  /** The shard from a fresh state some rows before it, which has most likely become the true one where it starts. */
  guessing(shard: number): ShardWork {
    const { start } = this.ranges[shard]!
    const segment = this.segmentStarts.findLast((first) => first <= start)!
    return this.work(shard, Math.min(this.sizes.warmup, start - segment), freshState(this.set))
  }

  /** Stands for the shard as last computed, whatever the state before it: the best guess once there is one. */
  lastKey(shard: number): string {
    return sha256Json({
      kind: 'feature-shard-last/1',
      featureSet: this.set.hash,
      candles: sha256(this.candles(shard, 0)),
    })
  }

  /** Shards after `from` that are worth a guessed start. */
  guessedAfter(from: number): number[] {
    return this.ranges.flatMap((_, shard) => (shard > from && shard % this.sizes.lane === 0 ? [shard] : []))
  }

  private work(shard: number, warmup: number, state: string): ShardWork {
    const candles = this.candles(shard, warmup)
    const key = sha256Json({
      kind: 'feature-shard/1',
      featureSet: this.set.hash,
      candles: sha256(candles),
      warmup,
      state,
    })
    return { key, candles, warmup }
  }

  private candles(shard: number, warmup: number): Uint8Array {
    const { start, end } = this.ranges[shard]!
    return encodeColumns(seriesToColumns(sliceSeries(this.series, start - warmup, end)))
  }
}
