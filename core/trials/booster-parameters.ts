import type { BoosterParameters } from '#core/model'
import type { Parameters } from './search-space.ts'

/** XGBoost's own defaults for what a space does not vary. */
const defaults = {
  rounds: 100,
  learningRate: 0.3,
  maxDepth: 6,
  minChildWeight: 1,
  subsample: 1,
  colsampleByTree: 1,
  gamma: 0,
  lambda: 1,
  alpha: 0,
  maxBin: 256,
}

/**
 * Booster parameters of a point, for the three verdicts or, with `classes` 2, for one against the rest. `seed` is that
 * of row and column sampling; every trial of a search takes the same one, so that trials differ by their parameters
 * only.
 */
export function toBoosterParameters(
  point: Parameters,
  { seed, classes = 3 }: { seed: number; classes?: 2 | 3 },
): BoosterParameters {
  const values = Object.entries(defaults).map(([name, value]) => [name, Number(point[name] ?? value)])
  return {
    ...(Object.fromEntries(values) as typeof defaults),
    objective: classes === 2 ? 'binary:logistic' : 'multi:softprob',
    classes,
    seed: seed & 0x7fffffff,
  }
}
