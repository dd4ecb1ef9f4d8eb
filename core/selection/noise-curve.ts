import { averagePrecision } from '#core/evaluation'
import type { Forest, Matrix } from '#core/model'
import { Random } from '#core/random'
import { PerturbedForest } from './perturbed-forest.ts'

/** What the noise curve is asked. */
export interface NoiseCurveRequest {
  /** Binary: one class against the rest. */
  readonly forest: Forest
  /** The rows to judge on, with every column of the forest. */
  readonly matrix: Matrix
  /** 1 for positive rows. */
  readonly labels: ArrayLike<number>
  /** Columns, most important first. */
  readonly order: readonly number[]
  readonly seed: number
  /** Names the rows in errors. */
  readonly where?: string
}

/** `curve[k]` is the average precision with the first k columns of the order noised; `positiveShare` in (0, 1). */
export interface NoiseCurve {
  readonly curve: readonly number[]
  readonly positiveShare: number
}

/**
 * The cumulative noise curve (baseline-training.md section 2, step 5): going down the ranking, each column is replaced
 * by a bootstrap of itself, drawn with replacement and keyed by (seed, column), and stays noised. Throws ONE_CLASS,
 * MODEL_INVALID.
 */
export function noiseCurve({ forest, matrix, labels, order, seed, where }: NoiseCurveRequest): NoiseCurve {
  const perturbed = new PerturbedForest(forest, matrix)
  const score = () => averagePrecision(perturbed.margins, labels, where)
  const curve = [score()]
  for (const column of order) {
    if (forest.treesReading(column).length > 0) {
      perturbed.replaceColumn(column, bootstrap(perturbed.column(column), Random.of(seed, 'noise', column)))
      curve.push(score())
    } else {
      curve.push(curve.at(-1)!)
    }
  }
  return { curve, positiveShare: Array.from(labels).filter((label) => label === 1).length / labels.length }
}

function bootstrap(values: Float32Array, random: Random): Float32Array {
  return values.map(() => values[random.below(values.length)]!)
}
