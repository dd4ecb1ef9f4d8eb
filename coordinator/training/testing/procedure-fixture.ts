import { makeSeries, type CandleSeries } from '#core/candles'
import { Random } from '#core/random'
import type { TrainingTable } from '#core/selection'
import { selectionParameters, type TrainingSpec } from '../training-spec.ts'

const sha256 = 'a'.repeat(64)

/** A small spec: two purged folds, two trials. */
export function specOf(more: Partial<TrainingSpec>): TrainingSpec {
  const candles = { source: 'x', sha256, symbol: 'X', widthMs: 1, rows: 9, firstOpenTime: 0, lastOpenTime: 8 }
  return {
    candles: { ...candles, gaps: 0, gapPolicy: 'keep' },
    featureSet: { name: 'reference', hash: sha256 },
    label: { name: 'swing', parameters: {} },
    heldOut: { share: 0.15 },
    selection: { repeats: 1, parameters: selectionParameters(1) },
    splits: { name: 'purged', folds: 2 },
    search: {
      space: 'quick',
      sampler: 'random',
      pruner: 'none',
      trials: 2,
      earlyStopping: null,
      visibility: { batchSize: 4, lag: 1 },
    },
    engine: { name: 'wasm', version: '1' },
    seed: 3,
    ...more,
  }
}

/** A training table of noise: labels of random reach and weight, three columns. */
export function tableOf(rows: number): TrainingTable {
  const random = Random.of('procedure', rows)
  const each = (value: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => value(row))
  const columns = ['a', 'b', 'c']
  return {
    rows,
    ...{ featureSet: 'test', featureSetHash: sha256, warmup: 20, maxReach: 24, columns },
    values: Float64Array.from({ length: rows * columns.length }, () => random.normal()),
    openTime: each((row) => row * 14_400_000),
    close: each(() => 100),
    target: Int8Array.from({ length: rows }, () => random.below(3) - 1),
    reach: Int32Array.from({ length: rows }, (_, row) => Math.min(rows - 1, row + 1 + random.below(24))),
    complete: Uint8Array.from({ length: rows }, (_, row) => (row < rows - 24 ? 1 : 0)),
    settled: Uint8Array.from({ length: rows }, (_, row) => (row < 20 ? 0 : 1)),
    weight: each(() => 0.1 + random.uniform()),
    naive: each(() => random.normal()),
  }
}

/** The candles of a table, all at one price. */
export function seriesOf({ rows, openTime, close }: TrainingTable): CandleSeries {
  const candles = Array.from({ length: rows }, (_, t) => {
    const price = close[t]!
    return { openTime: openTime[t]!, ...{ open: price, high: price, low: price, close: price, volume: 1 } }
  })
  return makeSeries({ symbol: 'X', source: 'test', widthMs: 14_400_000, candles }, { gaps: 'keep' })
}

const stump = (at: number, below: number, above: number) => ({
  left_children: [1, -1, -1],
  right_children: [2, -1, -1],
  split_indices: [0, 0, 0],
  split_conditions: [at, below, above],
  default_left: [0, 0, 0],
  split_type: [0, 0, 0],
  loss_changes: [1, 0, 0],
  sum_hessian: [1, 1, 1],
  tree_param: { num_nodes: '3', size_leaf_vector: '0' },
})

/** An XGBoost model of three columns, one stump a class on the first; `sure` margins apart. Never says hold. */
export function stumpModelOf(sure: number): string {
  const trees = [stump(-0.5, sure, -sure), stump(-2, 0, 0), stump(0.5, -sure, sure)]
  return JSON.stringify({
    learner: {
      gradient_booster: { name: 'gbtree', model: { trees, tree_info: [0, 1, 2] } },
      learner_model_param: { base_score: '0', num_class: '3', num_feature: '3', num_target: '1' },
      objective: { name: 'multi:softprob' },
    },
    version: [1, 7, 4],
  })
}
