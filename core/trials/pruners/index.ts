import { BullpenError } from '#core/errors'
import { medianPruner } from './median.ts'
import { noPruner } from './none.ts'
import type { Pruner } from './pruner.ts'
import { successiveHalvingPruner } from './successive-halving.ts'

const pruners: readonly Pruner[] = [noPruner, medianPruner, successiveHalvingPruner]

/** Names {@link pruner} knows. */
export const prunerNames: readonly string[] = pruners.map(({ name }) => name)

/** Throws UNKNOWN_NAME. */
export function pruner(name: string): Pruner {
  const found = pruners.find((one) => one.name === name)
  if (!found) throw new BullpenError('UNKNOWN_NAME', { kind: 'pruner', name, known: prunerNames.join(', ') })
  return found
}
