import type { ModelManifest, ModelVersion, Publication, Publisher, RecordedDecision } from '#core/registry'
import type { Patience } from './patience.ts'

/**
 * Publishing is one transaction and happens once per run: a second call answers the version that the first one made,
 * and moves no alias. Whether the first took effect therefore need not be known.
 */
export class PatientRegistry implements Publisher {
  private readonly registry: Publisher
  private readonly patience: Patience

  constructor(registry: Publisher, patience: Patience) {
    this.registry = registry
    this.patience = patience
  }

  resolve(alias: string): Promise<ModelVersion | null> {
    return this.patience.call('the database', () => this.registry.resolve(alias))
  }

  publish(manifest: ModelManifest, publication?: Publication): Promise<ModelVersion> {
    return this.patience.call('the database', () => this.registry.publish(manifest, publication))
  }

  decisions(alias: string): Promise<RecordedDecision[]> {
    return this.patience.call('the database', () => this.registry.decisions(alias))
  }
}
