import { BullpenError } from '#core/errors'
import { featureSet, type FeatureSet } from '#core/features'
import { classProbabilities, verdictOf, type ClassProbabilities, type Verdict } from '#core/verdict'
import { calibrated, noCalibration } from './calibration.ts'
import { Contributions } from './contributions.ts'
import type { Matrix } from './booster.ts'
import type { Forest } from './forest.ts'
import type { ModelContract } from './model-bundle.ts'

/** What a model says of one candle; the probabilities are the calibrated ones. */
export interface ModelAnswer {
  readonly verdict: Verdict
  readonly probabilities: ClassProbabilities
}

/**
 * A model ready to answer: its trees, its contract and where its columns lie among those of its feature set. The one
 * place where a row of features becomes a verdict: prediction, serving and rehearsal all ask it.
 */
export class AnsweringModel {
  readonly forest: Forest
  readonly contract: ModelContract
  readonly set: FeatureSet
  private readonly positions: Int32Array
  private readonly row: Float32Array
  private explainer: Contributions | undefined

  /** Throws FEATURES_DIFFER when this code computes other features than the contract names, MATRIX_MISMATCH. */
  constructor(forest: Forest, contract: ModelContract) {
    this.forest = forest
    this.contract = contract
    this.set = featureSetOf(contract)
    if (forest.columns !== contract.columns.length) {
      const reason = `the model reads ${forest.columns} columns, its contract names ${contract.columns.length}`
      throw new BullpenError('MATRIX_MISMATCH', { reason })
    }
    this.positions = Int32Array.from(contract.columns, (name) => positionOf(name, this.set))
    this.row = new Float32Array(forest.columns)
  }

  /** `features`: one row of every column of the feature set, in its order. */
  answer(features: ArrayLike<number>): ModelAnswer {
    const data = this.inputOf(features)
    const probabilities = classProbabilities(this.probabilities({ rows: 1, columns: data.length, data }))
    return { verdict: verdictOf(probabilities, this.contract.policy), probabilities }
  }

  /**
   * What {@link answer} says of many rows, rows x 3. The matrix holds the contract's columns, in its order.
   * Throws MATRIX_MISMATCH.
   */
  probabilities(matrix: Matrix, rows?: Uint32Array): Float64Array {
    return calibrated(this.contract.calibration ?? noCalibration, this.forest.probabilities(matrix, rows))
  }

  /** What the trees read of such a row: float32, in the contract's order. Reused by the next call. */
  inputOf(features: ArrayLike<number>): Float32Array {
    for (let i = 0; i < this.row.length; i++) this.row[i] = features[this.positions[i]!]!
    return this.row
  }

  /** Exact TreeSHAP of such a row: see {@link Contributions.ofRow}. */
  contributions(features: ArrayLike<number>): Float64Array {
    this.explainer ??= new Contributions(this.forest)
    const data = this.inputOf(features)
    return this.explainer.ofRow({ rows: 1, columns: data.length, data }, 0)
  }
}

function positionOf(column: string, { name, columns }: FeatureSet): number {
  const position = columns.indexOf(column)
  if (position >= 0) return position
  throw new BullpenError('MATRIX_MISMATCH', { reason: `feature set ${name} has no column ${column}` })
}

/** The feature set a model was trained on. Throws FEATURES_DIFFER when this code computes another, UNKNOWN_NAME. */
export function featureSetOf(contract: ModelContract): FeatureSet {
  const set = featureSet(contract.featureSet)
  if (set.hash !== contract.featureSetHash) {
    throw new BullpenError('FEATURES_DIFFER', {
      name: contract.featureSet,
      wanted: contract.featureSetHash,
      actual: set.hash,
    })
  }
  return set
}
