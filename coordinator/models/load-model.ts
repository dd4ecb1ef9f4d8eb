import { featureSet, type FeatureSet } from '#core/features'
import { BullpenError } from '#core/errors'
import { Forest, type ModelContract } from '#core/model'
import type { ModelManifest, ObjectStore } from '#core/registry'

/** The forest of a version, its bytes verified against the manifest. Throws what the object store throws, MODEL_INVALID. */
export async function loadForest(manifest: ModelManifest, objects: ObjectStore): Promise<Forest> {
  return Forest.fromXgboostJson(new TextDecoder().decode(await objects.get(manifest.model.sha256)))
}

/** The feature set a version was trained on. Throws FEATURES_DIFFER when this code computes another. */
export function featureSetOf(contract: ModelContract): FeatureSet {
  const set = featureSet(contract.featureSet)
  if (set.hash !== contract.featureSetHash) {
    throw new BullpenError('FEATURES_DIFFER', {
      name: contract.featureSet,
      wanted: contract.featureSetHash,
      actual: set.hash,
    })
  }
  return set
}
