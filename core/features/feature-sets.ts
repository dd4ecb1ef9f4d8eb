import { BullpenError } from '#core/errors'
import { classicSet } from './classic/classic-set.ts'
import { defineFeatureSet } from './define-feature-set.ts'
import type { FeatureSet } from './feature-set.ts'
import { referenceSet } from './reference/reference-set.ts'

const allSet: FeatureSet = defineFeatureSet({
  name: 'all',
  columns: [...referenceSet.columns, ...classicSet.columns],
  kernels: [...referenceSet.kernels, ...classicSet.kernels],
  warmup: Math.max(referenceSet.warmup, classicSet.warmup),
})

const sets: readonly FeatureSet[] = [referenceSet, classicSet, allSet]

/** Names a feature set can have, the default first. */
export const featureSetNames: readonly string[] = sets.map((set) => set.name)

/** The set of that name: `reference`, `classic` or `all`, which is both. Throws UNKNOWN_NAME. */
export function featureSet(name: string): FeatureSet {
  const found = sets.find((set) => set.name === name)
  if (found) return found
  throw new BullpenError('UNKNOWN_NAME', { kind: 'feature set', name, known: featureSetNames.join(', ') })
}
