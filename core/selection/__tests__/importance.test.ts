import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { averagePrecision } from '#core/evaluation'
import type { Forest, Matrix } from '#core/model'
import { Random } from '#core/random'
import { importancePermutations, noiseCurve, permutationImportance, runImportance, runNoiseCurve } from '../index.ts'
import { randomForest, randomLabels, randomMatrix } from './random-forest.ts'

const problems = fc
  .record({
    rows: fc.integer({ min: 5, max: 120 }),
    columns: fc.integer({ min: 2, max: 12 }),
    trees: fc.integer({ min: 1, max: 25 }),
    depth: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(1000),
  })
  .map(({ rows, columns, trees, depth, seed }) => {
    const forest = randomForest(columns, trees, depth, seed, 1)
    const matrix = randomMatrix(rows, columns, seed)
    return { forest, matrix, labels: randomLabels(forest.margins(matrix), seed), seed }
  })
  .filter(({ labels }) => labels.includes(1))

test('permutation importance is bit for bit that of the naive loop over every tree', () => {
  fc.assert(
    fc.property(problems, ({ forest, matrix, labels, seed }) => {
      const request = { forest, matrix, labels, seed, repeats: 3 }
      expect(permutationImportance(request)).toEqual(naiveImportance(request))
    }),
    { numRuns: 40 },
  )
})

test('columns may be shared out in any way without changing a number', () => {
  const forest = randomForest(10, 20, 4, 1)
  const matrix = randomMatrix(200, 10, 1)
  const request = { forest, matrix, labels: randomLabels(forest.margins(matrix), 1), seed: 4, repeats: 5 }
  const whole = permutationImportance(request)
  const parts = [0, 3, 7].map((from, i) => permutationImportance({ ...request, from, to: [3, 7, 10][i]! }))
  expect(parts.flatMap(({ importance }) => importance)).toEqual(whole.importance)
  expect(permutationImportance({ ...request, seed: 5 }).importance).not.toEqual(whole.importance)
})

test('a column the forest never reads has importance zero exactly', () => {
  const forest = randomForest(6, 10, 3, 2, 2)
  const matrix = randomMatrix(100, 6, 2)
  const labels = randomLabels(forest.margins(matrix), 2)
  expect(permutationImportance({ forest, matrix, labels, seed: 1, repeats: 2 }).importance.slice(4)).toEqual([0, 0])
})

test('the noise curve is bit for bit that of noising a matrix and walking every tree', () => {
  fc.assert(
    fc.property(problems, ({ forest, matrix, labels, seed }) => {
      const order = Array.from(Random.of('order', seed).permutation(matrix.columns))
      const { curve, positiveShare } = noiseCurve({ forest, matrix, labels, order, seed })
      expect(curve).toEqual(naiveCurve(forest, matrix, labels, order, seed))
      expect(positiveShare).toBe(labels.filter((label) => label === 1).length / labels.length)
    }),
    { numRuns: 40 },
  )
})

test('judging columns of a table takes the test rows and labels of the question', () => {
  const forest = randomForest(4, 10, 3, 3)
  const matrix = randomMatrix(300, 4, 3)
  const target = Int8Array.from({ length: 300 }, (_, row) => (row % 3) - 1)
  const judged = { table: { target }, matrix, forest, testRows: [{ start: 100, end: 300 }], seed: 9 } as const
  const down = runImportance({ ...judged, question: 'down', from: 1, to: 3, repeats: 2 })
  expect(down.importance).toHaveLength(2)
  const { curve, positiveShare } = runNoiseCurve({ ...judged, question: 'up', order: [3, 2, 1, 0] })
  expect(curve).toHaveLength(5)
  expect(positiveShare).toBeCloseTo(1 / 3, 2)
})

test('rows without a positive and forests of three classes are refused', () => {
  const forest = randomForest(4, 3, 2, 3)
  const matrix = randomMatrix(30, 4, 3)
  const request = { forest, matrix, labels: new Float32Array(30), seed: 1, repeats: 1, where: 'here' }
  expect(() => permutationImportance(request)).toThrow(
    expect.objectContaining({ code: 'ONE_CLASS', details: { where: 'here', only: 'the rest' } }),
  )
  const three = Object.create(forest, { groups: { value: 3 } }) as Forest
  expect(() => noiseCurve({ ...request, forest: three, order: [0] })).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID' }),
  )
})

/** Every tree of every row for every shuffle. */
function naiveImportance(request: {
  forest: Forest
  matrix: Matrix
  labels: Float32Array
  seed: number
  repeats: number
}) {
  const { forest, matrix, labels, seed, repeats } = request
  const permutations = importancePermutations(seed, repeats, matrix.rows)
  const baseline = averagePrecision(allTrees(forest, matrix), labels)
  const importance = Array.from({ length: forest.columns }, (_, column) => {
    const drops = permutations.map((order) => {
      const values = Float32Array.from(order, (row) => matrix.data[row * matrix.columns + column]!)
      return baseline - averagePrecision(allTrees(forest, withColumn(matrix, column, values)), labels)
    })
    return drops.reduce((sum, drop) => sum + drop, 0) / repeats
  })
  return { baseline, importance }
}

function naiveCurve(forest: Forest, matrix: Matrix, labels: Float32Array, order: readonly number[], seed: number) {
  let noised = matrix
  return [
    averagePrecision(allTrees(forest, noised), labels),
    ...order.map((column) => {
      const random = Random.of(seed, 'noise', column)
      const values = Float32Array.from(
        { length: matrix.rows },
        () => matrix.data[random.below(matrix.rows) * matrix.columns + column]!,
      )
      noised = withColumn(noised, column, values)
      return averagePrecision(allTrees(forest, noised), labels)
    }),
  ]
}

function allTrees(forest: Forest, matrix: Matrix): Float64Array {
  const out = new Float64Array(matrix.rows)
  const trees = Array.from({ length: forest.trees }, (_, tree) => tree)
  forest.addTrees(trees, matrix, undefined, undefined, out)
  return out
}

function withColumn(matrix: Matrix, column: number, values: Float32Array): Matrix {
  const data = matrix.data.slice()
  values.forEach((value, row) => {
    data[row * matrix.columns + column] = value
  })
  return { ...matrix, data }
}
