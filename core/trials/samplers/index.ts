import { BullpenError } from '#core/errors'
import { gridSampler } from './grid.ts'
import { randomSampler } from './random.ts'
import type { Sampler } from './sampler.ts'
import { tpeSampler } from './tpe.ts'

const samplers: readonly Sampler[] = [tpeSampler, randomSampler, gridSampler]

/** Names {@link sampler} knows. */
export const samplerNames: readonly string[] = samplers.map(({ name }) => name)

/** Throws UNKNOWN_NAME. */
export function sampler(name: string): Sampler {
  const found = samplers.find((one) => one.name === name)
  if (!found) throw new BullpenError('UNKNOWN_NAME', { kind: 'sampler', name, known: samplerNames.join(', ') })
  return found
}
