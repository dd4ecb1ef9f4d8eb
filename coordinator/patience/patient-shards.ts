import type { ShardEntry, ShardIndex } from '#core/registry'
import type { Patience } from './patience.ts'

/** Waits for the database; both calls may be made again. */
export class PatientShards implements ShardIndex {
  private readonly index: ShardIndex
  private readonly patience: Patience

  constructor(index: ShardIndex, patience: Patience) {
    this.index = index
    this.patience = patience
  }

  find(key: string): Promise<ShardEntry | null> {
    return this.patience.call('the database', () => this.index.find(key))
  }

  record(key: string, entry: ShardEntry): Promise<void> {
    return this.patience.call('the database', () => this.index.record(key, entry))
  }
}
