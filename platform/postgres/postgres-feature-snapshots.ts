import { snapshotsKept, type FeatureSnapshot, type FeatureSnapshots, type SnapshotSeries } from '#core/registry'
import type { Database } from './database.ts'

/** Feature snapshots in PostgreSQL. */
export class PostgresFeatureSnapshots implements FeatureSnapshots {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(series: SnapshotSeries): Promise<readonly FeatureSnapshot[]> {
    const rows = await this.#database.query<Omit<FeatureSnapshot, 'state'> & { readonly state: Uint8Array }>(
      `SELECT open_time AS "openTime", block, segment_rows AS "segmentRows", digest, state
       FROM bullpen.feature_snapshots
       WHERE symbol = $1 AND width_ms = $2 AND feature_set_hash = $3 AND gaps = $4
       ORDER BY block DESC LIMIT $5`,
      [...keyOf(series), snapshotsKept],
    )
    return rows.map((row) => ({ ...row, state: numbersOf(row.state) }))
  }

  async save(series: SnapshotSeries, snapshot: FeatureSnapshot): Promise<void> {
    const { openTime, block, segmentRows, digest, state } = snapshot
    await this.#database.transaction(async (query) => {
      await query(
        `INSERT INTO bullpen.feature_snapshots AS kept
           (symbol, width_ms, feature_set_hash, gaps, block, open_time, segment_rows, digest, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (symbol, width_ms, feature_set_hash, gaps, block) DO UPDATE
         SET open_time = excluded.open_time, segment_rows = excluded.segment_rows, digest = excluded.digest,
             state = excluded.state, saved_at = now()`,
        [...keyOf(series), block, openTime, segmentRows, digest, bytesOf(state)],
      )
      await query(
        `DELETE FROM bullpen.feature_snapshots
         WHERE symbol = $1 AND width_ms = $2 AND feature_set_hash = $3 AND gaps = $4 AND block <= (
           SELECT block FROM bullpen.feature_snapshots
           WHERE symbol = $1 AND width_ms = $2 AND feature_set_hash = $3 AND gaps = $4
           ORDER BY block DESC OFFSET $5 LIMIT 1
         )`,
        [...keyOf(series), snapshotsKept],
      )
    })
  }
}

function keyOf({ symbol, widthMs, featureSetHash, gaps }: SnapshotSeries): unknown[] {
  return [symbol, widthMs, featureSetHash, gaps]
}

/** Every machine bullpen runs on keeps the least significant byte first, so the bytes are the numbers. */
function bytesOf(state: Float64Array): Buffer {
  return Buffer.from(state.buffer, state.byteOffset, state.byteLength)
}

/** A copy: bytes from the server need not lie where doubles may. */
function numbersOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(Uint8Array.from(bytes).buffer)
}
