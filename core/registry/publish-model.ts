import type { ModelManifest, ModelVersion, Publication, Publisher } from './model-registry.ts'
import type { ObjectStore } from './object-store.ts'

/**
 * Publishes a model: its JSON is stored, read back and verified, and only then are version and alias registered in one
 * transaction. Killed in between it leaves an object nobody names, never a version without its object.
 *
 * @throws whatever {@link ObjectStore} and {@link ModelRegistry} throw
 */
export async function publishModel(
  { registry, objects }: { readonly registry: Pick<Publisher, 'publish'>; readonly objects: ObjectStore },
  modelJson: Uint8Array,
  manifest: Omit<ModelManifest, 'model'>,
  publication?: Publication,
): Promise<ModelVersion> {
  const sha256 = await objects.put(modelJson)
  await objects.get(sha256)
  const model = { sha256, bytes: modelJson.byteLength, format: 'xgboost-json' } as const
  return registry.publish({ ...manifest, model }, publication)
}
