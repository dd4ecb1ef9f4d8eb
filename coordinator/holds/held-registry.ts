import type { ModelManifest, ModelVersion, Publication, Publisher, RecordedDecision } from '#core/registry'
import type { RunHold } from './run-hold.ts'

/** The registry for a coordinator that holds its run: it publishes only right after its hold has been confirmed. */
export class HeldRegistry implements Publisher {
  private readonly registry: Publisher
  private readonly hold: RunHold

  constructor(registry: Publisher, hold: RunHold) {
    this.registry = registry
    this.hold = hold
  }

  resolve(alias: string): Promise<ModelVersion | null> {
    return this.registry.resolve(alias)
  }

  async publish(manifest: ModelManifest, publication?: Publication): Promise<ModelVersion> {
    await this.hold.confirm()
    return this.registry.publish(manifest, publication)
  }

  decisions(alias: string): Promise<RecordedDecision[]> {
    return this.registry.decisions(alias)
  }
}
