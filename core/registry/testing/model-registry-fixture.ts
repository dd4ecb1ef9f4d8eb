import type { ModelRegistry } from '#core/registry'

/** An empty registry that reads the time from the clock it is given. */
export interface ModelRegistryFixture {
  readonly registry: ModelRegistry
  close(): Promise<void> | void
}
