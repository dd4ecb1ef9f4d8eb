import { BullpenError } from '#core/errors'
import type { FeatureSet } from './feature-set.ts'
import { referenceSet } from './reference/reference-set.ts'

const sets: readonly FeatureSet[] = [referenceSet]

/** The set of that name: `reference`. Throws UNKNOWN_NAME. */
export function featureSet(name: string): FeatureSet {
  const found = sets.find((set) => set.name === name)
  if (found) return found
  throw new BullpenError('UNKNOWN_NAME', { kind: 'feature set', name, known: sets.map((set) => set.name).join(', ') })
}
