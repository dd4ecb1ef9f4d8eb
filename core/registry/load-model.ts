import { AnsweringModel, Forest } from '#core/model'
import type { ModelManifest } from './model-registry.ts'
import type { ObjectStore } from './object-store.ts'

/** The forest of a version, its bytes verified against the manifest. Throws what the object store throws, MODEL_INVALID. */
export async function loadForest(
  { model }: Pick<ModelManifest, 'model'>,
  objects: Pick<ObjectStore, 'get'>,
): Promise<Forest> {
  return Forest.fromXgboostJson(new TextDecoder().decode(await objects.get(model.sha256)))
}

/** A version ready to answer. Throws as {@link loadForest}, and FEATURES_DIFFER. */
export async function loadModel(
  manifest: Pick<ModelManifest, 'model' | 'contract'>,
  objects: Pick<ObjectStore, 'get'>,
): Promise<AnsweringModel> {
  return new AnsweringModel(await loadForest(manifest, objects), manifest.contract)
}
