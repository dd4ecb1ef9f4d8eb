import { BullpenError } from '#core/errors'
import { horizonReturnDefaults, horizonReturnLabeler } from './horizon-return.ts'
import type { Labeler } from './labeler.ts'
import { swingDefaults, swingLabeler } from './swing.ts'
import { tripleBarrierDefaults, tripleBarrierLabeler } from './triple-barrier.ts'

/** Makes a labeler from some of its parameters; `defaults` has them all. */
interface LabelerMaker {
  readonly defaults: object
  readonly make: (parameters: Readonly<Record<string, number>>) => Labeler
}

const makers: Readonly<Record<string, LabelerMaker>> = {
  swing: { defaults: swingDefaults, make: swingLabeler },
  'triple-barrier': { defaults: tripleBarrierDefaults, make: tripleBarrierLabeler },
  'horizon-return': { defaults: horizonReturnDefaults, make: horizonReturnLabeler },
}

/** Names a labeler can have, the default first. */
export const labelerNames: readonly string[] = Object.keys(makers)

/**
 * The labeler of that name, its defaults overridden by `parameters`. Throws UNKNOWN_NAME for a labeler or a parameter
 * it does not have, USAGE for a value that makes no sense.
 */
export function labeler(name: string, parameters: Readonly<Record<string, number>> = {}): Labeler {
  const maker = Object.hasOwn(makers, name) ? makers[name] : undefined
  if (!maker) throw new BullpenError('UNKNOWN_NAME', { kind: 'label', name, known: labelerNames.join(', ') })
  const known = Object.keys(maker.defaults)
  const unknown = Object.keys(parameters).find((parameter) => !known.includes(parameter))
  if (unknown !== undefined) {
    throw new BullpenError('UNKNOWN_NAME', { kind: `parameter of ${name}`, name: unknown, known: known.join(', ') })
  }
  return maker.make(parameters)
}
