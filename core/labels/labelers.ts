import { BullpenError } from '#core/errors'
import type { Labeler } from './labeler.ts'
import { swingDefaults, swingLabeler } from './swing.ts'

/**
 * The labeler of that name (`swing`), its defaults overridden by `parameters`. Throws UNKNOWN_NAME for a labeler or a
 * parameter it does not have.
 */
export function labeler(name: string, parameters: Readonly<Record<string, number>> = {}): Labeler {
  if (name !== 'swing') throw new BullpenError('UNKNOWN_NAME', { kind: 'label', name, known: 'swing' })
  const known = Object.keys(swingDefaults)
  const unknown = Object.keys(parameters).find((parameter) => !known.includes(parameter))
  if (unknown !== undefined) {
    throw new BullpenError('UNKNOWN_NAME', { kind: 'parameter of swing', name: unknown, known: known.join(', ') })
  }
  return swingLabeler(parameters)
}
