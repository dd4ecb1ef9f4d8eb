import { expect, test } from '@jest/globals'
import type { Booster, FitRequest } from '#core/model'
import { runFit, runFold, toBoosterParameters } from '../index.ts'

const rows = 60
const target = Int8Array.from({ length: rows }, (_, row) => (row % 3) - 1)
const naive = Float64Array.from(target, (value, row) => (row % 4 === 0 ? -value : value) / 100)
const table = { target, naive, weight: new Float64Array(rows).fill(1) }
const matrix = { rows, columns: 1, data: Float32Array.from(target) }
const parameters = toBoosterParameters({ rounds: 1 }, { seed: 1 })
const split = { trainRows: [{ start: 0, end: 40 }], testRows: [{ start: 41, end: 60 }] }

test('a fold fits its training rows and scores its test rows', () => {
  const booster = new StumpBooster()
  const { metrics, rounds, fitMs } = runFold({ table, matrix, parameters, booster, ...split })
  expect(metrics).toMatchObject({ rocAucOvrWeighted: 1, f1Weighted: 1 })
  expect(metrics.naiveRocAucOvrWeighted).toBeLessThan(1)
  expect({ rounds, fitMs }).toEqual({ rounds: 1, fitMs: 2 })
  expect(booster.asked?.rows).toEqual(Uint32Array.from({ length: 40 }, (_, row) => row))
  expect(Array.from(booster.asked!.labels.subarray(0, 3))).toEqual([0, 1, 2])
  expect(booster.asked?.weights).toBeUndefined()
})

test('weights and early stopping reach the booster', () => {
  const booster = new StumpBooster()
  const weight = Float64Array.from({ length: rows }, (_, row) => 1 + (row % 2))
  const earlyStopping = { evaluationRows: [{ start: 40, end: 42 }], patience: 5 }
  const { trainRows } = split
  runFit({ table: { target, weight }, matrix, question: 'up', trainRows, parameters, earlyStopping, booster })
  // Rows 0 to 39 weigh 1.5 on average, which becomes 1.
  expect(booster.asked?.weights).toEqual(Float32Array.from(weight, (value) => value / 1.5))
  expect(booster.asked?.earlyStopping).toEqual({ evaluationRows: Uint32Array.of(40, 41), patience: 5 })
  expect(Array.from(booster.asked!.labels.subarray(0, 3))).toEqual([0, 0, 1])
})

test('the test rows of a fold count by their weights', () => {
  const weigh = (weight: Float64Array) =>
    runFold({ table: { target: wrong, naive, weight }, matrix, parameters, booster: new StumpBooster(), ...split })
      .metrics
  const wrong = target.map((value, row) => (row === 45 ? -value || 1 : value))
  const equal = weigh(new Float64Array(rows).fill(0.2))
  expect(weigh(Float64Array.from({ length: rows }, (_, row) => (row === 45 ? 0.01 : 1))).logLoss).toBeLessThan(
    equal.logLoss,
  )
  expect(equal).toEqual(weigh(new Float64Array(rows).fill(1)))
})

test('a side that lacks a class is refused before anything is fitted', () => {
  const booster = new StumpBooster()
  const oneRow = [{ start: 0, end: 1 }]
  const refused = (where: string) => expect.objectContaining({ code: 'ONE_CLASS', details: { where, only: 'sell' } })
  const fold = { table, matrix, parameters, booster, ...split, where: 'fold 2' }
  expect(() => runFold({ ...fold, trainRows: oneRow })).toThrow(refused('the training rows of fold 2'))
  expect(() => runFold({ ...fold, testRows: oneRow })).toThrow(refused('the test rows of fold 2'))
  expect(() => runFit({ ...fold, question: 'down', trainRows: oneRow })).toThrow(refused('the training rows of fold 2'))
  expect(booster.asked).toBeUndefined()
})

/** Learns nothing: its one tree a class looks at which side of a half column 0 lies. */
class StumpBooster implements Booster {
  readonly engine = 'native'
  readonly version = '0'
  asked: FitRequest | undefined

  fit(request: FitRequest) {
    this.asked = request
    const trees = [stump(-0.5, 1, -1), stump(-2, 0, 0), stump(0.5, -1, 1)]
    const model = {
      learner: {
        gradient_booster: { name: 'gbtree', model: { trees, tree_info: [0, 1, 2] } },
        learner_model_param: { base_score: '0', num_class: '3', num_feature: '1', num_target: '1' },
        objective: { name: 'multi:softprob' },
      },
      version: [1, 7, 4],
    }
    return { json: JSON.stringify(model), rounds: 1, fitMs: 2 }
  }
}

function stump(threshold: number, below: number, above: number) {
  return {
    left_children: [1, -1, -1],
    right_children: [2, -1, -1],
    split_indices: [0, 0, 0],
    split_conditions: [threshold, below, above],
    default_left: [0, 0, 0],
    split_type: [0, 0, 0],
    loss_changes: [1, 0, 0],
    sum_hessian: [1, 1, 1],
    tree_param: { num_nodes: '3', size_leaf_vector: '0' },
  }
}
