import { BullpenError } from '#core/errors'
import type { Labeler } from './labeler.ts'
import { swingDefaults, swingLabeler } from './swing.ts'

/** Names a labeler can have, the default first. */
export const labelerNames: readonly string[] = ['swing']

/**
 * The labeler of that name (`swing`), its defaults overridden by `parameters`. Throws UNKNOWN_NAME for a labeler or a
 * parameter it does not have, USAGE for a value that makes no sense.
 */
export function labeler(name: string, parameters: Readonly<Record<string, number>> = {}): Labeler {
  if (!labelerNames.includes(name)) {
    throw new BullpenError('UNKNOWN_NAME', { kind: 'label', name, known: labelerNames.join(', ') })
  }
  const known = Object.keys(swingDefaults)
  const unknown = Object.keys(parameters).find((parameter) => !known.includes(parameter))
  if (unknown !== undefined) {
    throw new BullpenError('UNKNOWN_NAME', { kind: 'parameter of swing', name: unknown, known: known.join(', ') })
  }
  return swingLabeler(parameters)
}
