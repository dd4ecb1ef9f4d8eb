import { snapshotsKept, type FeatureSnapshot, type FeatureSnapshots, type SnapshotSeries } from '#core/registry'

/** Snapshots that live as long as the object. */
export class MemoryFeatureSnapshots implements FeatureSnapshots {
  readonly #kept = new Map<string, FeatureSnapshot[]>()

  list(series: SnapshotSeries): Promise<readonly FeatureSnapshot[]> {
    return Promise.resolve((this.#kept.get(nameOf(series)) ?? []).map(copy))
  }

  save(series: SnapshotSeries, snapshot: FeatureSnapshot): Promise<void> {
    const others = (this.#kept.get(nameOf(series)) ?? []).filter(({ block }) => block !== snapshot.block)
    const newest = [...others, copy(snapshot)].sort((a, b) => b.block - a.block).slice(0, snapshotsKept)
    this.#kept.set(nameOf(series), newest)
    return Promise.resolve()
  }
}

function nameOf({ symbol, widthMs, featureSetHash, gaps }: SnapshotSeries): string {
  return JSON.stringify([symbol, widthMs, featureSetHash, gaps])
}

function copy(snapshot: FeatureSnapshot): FeatureSnapshot {
  return { ...snapshot, state: snapshot.state.slice() }
}
