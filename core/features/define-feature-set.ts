import type { FeatureSet } from './feature-set.ts'
import { fingerprint } from './fingerprint.ts'

/** A feature set from its parts; the hash is computed when first asked for, then kept. */
export function defineFeatureSet(parts: Omit<FeatureSet, 'hash'>): FeatureSet {
  let hash: string | undefined
  return {
    ...parts,
    get hash() {
      hash ??= fingerprint(parts)
      return hash
    },
  }
}
