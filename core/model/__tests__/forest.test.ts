import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Random } from '#core/random'
import { Forest } from '#core/model'
import { modelDocument, toText } from './model-json.ts'

const forest = Forest.fromXgboostJson(toText(modelDocument()))
const matrixOf = (...rows: number[][]) => ({ rows: rows.length, columns: 2, data: Float32Array.from(rows.flat()) })
const allTrees = Int32Array.from({ length: forest.trees }, (_, i) => i)

test('a value below the threshold goes left, an equal one right, and NaN where its node sends it', () => {
  const margins = forest.margins(matrixOf([0.4, 0], [0.5, 1.9], [0.5, 2], [NaN, 0], [9, NaN]))
  const firstClass = [0, 3, 6, 9, 12].map((at) => margins[at])
  expect(firstClass).toEqual([1.5, 2.5, 3.5, 1.5, 3.5])
})

test('a value is compared as float32 with a float32 threshold', () => {
  const document = modelDocument()
  document.learner.gradient_booster.model.trees[0]!.split_conditions[0] = 0.1
  const [margin] = Forest.fromXgboostJson(toText(document)).margins(matrixOf([0.1, 0]))
  expect(margin).toBe(2.5)
})

test('rows are answered in the order asked for, across block borders', () => {
  const random = Random.of('forest rows')
  const matrix = { rows: 700, columns: 2, data: Float32Array.from({ length: 1400 }, () => random.normal() * 2) }
  const all = forest.margins(matrix)
  const rows = random.permutation(700)
  const picked = forest.margins(matrix, rows)
  rows.forEach((row, i) => {
    expect(picked.slice(i * 3, i * 3 + 3)).toEqual(all.slice(row * 3, row * 3 + 3))
  })
})

test('probabilities are the softmax of the margins', () => {
  const p = forest.probabilities(matrixOf([0.4, 0], [0.6, 3]))
  const [a, b, c] = [Math.exp(1), Math.exp(2), Math.exp(1)]
  expect(p[0]).toBeCloseTo(a / (a + b + c), 12)
  expect(p[1]).toBeCloseTo(b / (a + b + c), 12)
  expect(p[3]! + p[4]! + p[5]!).toBeCloseTo(1, 12)
})

test('a forest knows which trees read a column, its gain by column and the columns it uses', () => {
  const document = modelDocument()
  const stump = document.learner.gradient_booster.model.trees[1]!
  Object.assign(stump, { left_children: [-1], right_children: [-1], split_type: [0], split_indices: [0] })
  Object.assign(stump, { split_conditions: [7], default_left: [0], loss_changes: [0], sum_hessian: [8] })
  document.learner.learner_model_param.num_feature = '4'
  const wider = Forest.fromXgboostJson(toText(document))
  expect(wider.columnsUsed).toEqual([0, 1])
  expect([...wider.treesReading(1)]).toEqual([0, 2])
  expect([...wider.treesReading(3)]).toEqual([])
  expect([...wider.gain()]).toEqual([20, 10, 0, 0])
  expect([...wider.margins({ rows: 1, columns: 4, data: new Float32Array(4) })]).toEqual([1.5, 7.5, 1.5])
})

test('sums of trees are the same bits in any order, and taking trees away undoes adding them', () => {
  const random = Random.of('forest sums')
  const matrix = { rows: 300, columns: 2, data: Float32Array.from({ length: 600 }, () => random.normal() * 2) }
  const document = modelDocument()
  for (const tree of document.learner.gradient_booster.model.trees) {
    for (const node of [1, 3, 4]) tree.split_conditions[node] = Math.fround(random.normal() * 10 ** -random.below(6))
  }
  const uneven = Forest.fromXgboostJson(toText(document))
  const sum = (trees: ArrayLike<number>) => {
    const out = new Float64Array(900)
    uneven.addTrees(trees, matrix, undefined, undefined, out)
    return out
  }
  const whole = sum(allTrees)
  fc.assert(
    fc.property(fc.shuffledSubarray([...allTrees, ...allTrees], { minLength: 6 }), (order) => {
      expect(sum(order)).toEqual(whole.map((value) => value * 2))
    }),
    { numRuns: 20 },
  )
  const rest = sum([0, 2])
  expect(whole.map((value, i) => value - sum([1])[i]!)).toEqual(rest)
})

test('an override answers as if the column held its values, and leaves the matrix alone', () => {
  const random = Random.of('override')
  const data = Float32Array.from({ length: 1000 }, () => random.normal() * 2)
  const matrix = { rows: 500, columns: 2, data: data.slice() }
  const values = Float32Array.from({ length: 500 }, () => random.normal() * 2)
  const replaced = new Float64Array(1500)
  forest.addTrees(allTrees, matrix, undefined, { column: 1, values }, replaced)
  expect(matrix.data).toEqual(data)
  values.forEach((value, row) => (data[row * 2 + 1] = value))
  const expected = new Float64Array(1500)
  forest.addTrees(allTrees, { ...matrix, data }, undefined, undefined, expected)
  expect(replaced).toEqual(expected)
})

test('rows that do not fit the model are refused', () => {
  const narrow = { rows: 1, columns: 1, data: new Float32Array(1) }
  expect(() => forest.margins(narrow)).toThrow('rows have 1 columns and the model reads 2')
  expect(() => forest.margins(matrixOf([1, 2]), Uint32Array.of(1))).toThrow('row 1 is asked for, of 1 rows')
})
