import { Random } from '#core/random'
import { pointOf, valueAt, type Dimension, type SearchSpace } from '../search-space.ts'
import type { Sampler } from './sampler.ts'

/** Levels a numeric dimension is cut into: low, high and three between. */
const levels = 5

/**
 * A full grid of five levels a dimension (all values of a choice). It starts at a point drawn by the seed and goes on by
 * a stride near the golden section of the grid, so that a short search still covers the space; each point is visited
 * once before it starts over.
 */
export const gridSampler: Sampler = {
  name: 'grid',
  suggest(trialNumber, _visible, space, seed) {
    const size = gridSize(space)
    const start = Random.of(seed, 'grid-sampler').below(size)
    let index = (start + (trialNumber % size) * strideOver(size)) % size
    return pointOf(space, (dimension) => {
      const values = gridValues(dimension)
      const value = values[index % values.length]!
      index = Math.floor(index / values.length)
      return value
    })
  },
}

/** How many points the grid of a space has. */
export function gridSize(space: SearchSpace): number {
  return Object.values(space.dimensions).reduce((size, dimension) => size * gridValues(dimension).length, 1)
}

/** The first number from 0.618 of the size that shares no factor with it, so that its multiples visit every point. */
function strideOver(size: number): number {
  let stride = Math.max(1, Math.round(size * 0.6180339887))
  while (commonFactor(stride, size) > 1) stride++
  return stride
}

function commonFactor(a: number, b: number): number {
  return b === 0 ? a : commonFactor(b, a % b)
}

function gridValues(dimension: Dimension): readonly (number | string)[] {
  if (dimension.kind === 'choice') return dimension.values
  const shares = Array.from({ length: levels }, (_, level) => level / (levels - 1))
  if (dimension.kind === 'real') return shares.map((share) => valueAt(dimension, share))
  const steps = Math.floor((dimension.high - dimension.low) / dimension.step)
  return [...new Set(shares.map((share) => dimension.low + dimension.step * Math.round(share * steps)))]
}
