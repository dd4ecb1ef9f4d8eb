import { Random } from '#core/random'
import { drawEvenly, pointOf } from '../search-space.ts'
import type { Sampler } from './sampler.ts'

/** Every dimension drawn evenly, blind to earlier trials (Bergstra & Bengio 2012). */
export const randomSampler: Sampler = {
  name: 'random',
  suggest(trialNumber, _visible, space, seed) {
    const random = Random.of(seed, 'random-sampler', trialNumber)
    return pointOf(space, (dimension) => drawEvenly(dimension, random))
  },
}
