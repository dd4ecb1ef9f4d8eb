/** What a snapshot is a state of: a series, the features computed over it, and what a gap does to them. */
export interface SnapshotSeries {
  readonly symbol: string
  readonly widthMs: number
  /** Hash of the feature set: a state means nothing to another one. */
  readonly featureSetHash: string
  readonly gaps: 'keep' | 'split'
}

/** What the kernels of a feature set remember after one candle of a series, and of which history. */
export interface FeatureSnapshot {
  /** Open time (ms) of the last candle taken. */
  readonly openTime: number
  /** Which block of the grid that candle lies in: a later snapshot of the same block takes the place of an earlier. */
  readonly block: number
  /** Candles taken since the start of the segment. */
  readonly segmentRows: number
  /** Digest of every candle of the series up to and including the last one taken. A revised bar gives another one. */
  readonly digest: string
  /** As `FeatureStream.save` gave it, every bit. */
  readonly state: Float64Array
}

/**
 * States to start from, so that a service that starts need not compute the whole history. They are a cache: losing them
 * costs computing time, nothing else, and who uses one compares its digest with the history first.
 * Database adapters throw DATABASE_UNAVAILABLE.
 */
export interface FeatureSnapshots {
  /** The snapshots kept, newest first. */
  list(series: SnapshotSeries): Promise<readonly FeatureSnapshot[]>
  /** Durable when this resolves. Of each series the {@link snapshotsKept} newest blocks are kept. */
  save(series: SnapshotSeries, snapshot: FeatureSnapshot): Promise<void>
}

/** Blocks of a series whose snapshots are kept. Some of them lie before a bar that is revised late. */
export const snapshotsKept = 8
