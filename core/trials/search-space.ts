import { BullpenError } from '#core/errors'
import type { Random } from '#core/random'

/** Whole numbers low, low + step, ..., high. */
export interface StepDimension {
  readonly kind: 'step'
  readonly low: number
  readonly high: number
  readonly step: number
}

/** Real numbers in [low, high], spread evenly over the number itself or over its logarithm. */
export interface RealDimension {
  readonly kind: 'real'
  readonly low: number
  readonly high: number
  readonly scale: 'linear' | 'log'
}

/** One of some unordered values. */
export interface ChoiceDimension {
  readonly kind: 'choice'
  readonly values: readonly (number | string)[]
}

export type Dimension = StepDimension | RealDimension | ChoiceDimension

/** What a search may try, as data: it goes into the manifest as it is. */
export interface SearchSpace {
  readonly name: string
  readonly dimensions: Readonly<Record<string, Dimension>>
}

/** One point of a space: a value for each dimension. */
export type Parameters = Readonly<Record<string, number | string>>

/** The reference's space (baseline-training.md section 4), in XGBoost's words. */
const reference: SearchSpace = {
  name: 'reference',
  dimensions: {
    rounds: { kind: 'step', low: 100, high: 900, step: 100 },
    learningRate: { kind: 'real', low: 0.01, high: 0.1, scale: 'linear' },
    lambda: { kind: 'real', low: 1, high: 500, scale: 'linear' },
  },
}

/** Everything that shapes a tree, on the scale on which it matters. */
const wide: SearchSpace = {
  name: 'wide',
  dimensions: {
    rounds: { kind: 'step', low: 50, high: 1000, step: 50 },
    learningRate: { kind: 'real', low: 0.005, high: 0.3, scale: 'log' },
    lambda: { kind: 'real', low: 0.001, high: 500, scale: 'log' },
    maxDepth: { kind: 'step', low: 2, high: 10, step: 1 },
    minChildWeight: { kind: 'real', low: 0.1, high: 50, scale: 'log' },
    subsample: { kind: 'real', low: 0.5, high: 1, scale: 'linear' },
    colsampleByTree: { kind: 'real', low: 0.3, high: 1, scale: 'linear' },
    gamma: { kind: 'real', low: 0, high: 5, scale: 'linear' },
  },
}

/** Small forests, affordable with the slower engine. */
const quick: SearchSpace = {
  name: 'quick',
  dimensions: {
    rounds: { kind: 'step', low: 20, high: 120, step: 20 },
    learningRate: { kind: 'real', low: 0.03, high: 0.3, scale: 'log' },
    lambda: { kind: 'real', low: 0.1, high: 100, scale: 'log' },
    maxDepth: { kind: 'step', low: 3, high: 6, step: 1 },
  },
}

/** A handful of shallow trees: shows in seconds that everything from candles to a registered model works, and learns little. */
const smoke: SearchSpace = {
  name: 'smoke',
  dimensions: {
    rounds: { kind: 'step', low: 4, high: 12, step: 2 },
    learningRate: { kind: 'real', low: 0.1, high: 0.3, scale: 'log' },
    lambda: { kind: 'real', low: 1, high: 10, scale: 'log' },
    maxDepth: { kind: 'step', low: 2, high: 3, step: 1 },
  },
}

const spaces = [reference, wide, quick, smoke]

/** Names {@link searchSpace} knows. */
export const searchSpaceNames: readonly string[] = spaces.map((space) => space.name)

/** Throws UNKNOWN_NAME. */
export function searchSpace(name: string): SearchSpace {
  const found = spaces.find((space) => space.name === name)
  if (!found) throw new BullpenError('UNKNOWN_NAME', { kind: 'space', name, known: searchSpaceNames.join(', ') })
  return found
}

/** A value drawn evenly from a dimension. */
export function drawEvenly(dimension: Dimension, random: Random): number | string {
  switch (dimension.kind) {
    case 'step': {
      const { low, high, step } = dimension
      return low + step * random.below(Math.floor((high - low) / step) + 1)
    }
    case 'real':
      return valueAt(dimension, random.uniform())
    case 'choice':
      return dimension.values[random.below(dimension.values.length)]!
  }
}

/** The real value at `share` in [0, 1] of the way from low to high, on the dimension's scale. */
export function valueAt({ low, high, scale }: RealDimension, share: number): number {
  const value = scale === 'linear' ? low + share * (high - low) : low * (high / low) ** share
  return Math.min(high, Math.max(low, value))
}

/** A point whose every dimension comes from `draw`, in the order of the space. */
export function pointOf(space: SearchSpace, draw: (dimension: Dimension, name: string) => number | string): Parameters {
  return Object.fromEntries(Object.entries(space.dimensions).map(([name, d]) => [name, draw(d, name)]))
}
