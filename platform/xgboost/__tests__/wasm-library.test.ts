import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Random } from '#core/random'
import { Forest, type BoosterParameters, type FitRequest } from '#core/model'
import { findLibrary } from '../native/find-library.ts'
import { libraryParameters } from '../parameters.ts'
import { decodeThreshold, encodeMissing } from '../wasm/missing.ts'
import { readOldModel } from '../wasm/old-model.ts'
import { WasmBooster } from '../wasm/wasm-booster.ts'
import { WasmLibrary } from '../wasm/wasm-library.ts'
import { largestDifference, sampleRequest } from './sample.ts'

const { library: native } = findLibrary({ explicitPath: process.env.XGBOOST_LIBRARY })

/** Rows of small whole numbers, -1 among them, so that ties with the library's mark of missing decide splits. */
function wholeNumbers(request: FitRequest): FitRequest {
  const data = request.matrix.data.map((value) => (Number.isNaN(value) ? value : Math.round(value * 2)))
  return { ...request, matrix: { ...request.matrix, data } }
}

/** The library's own probabilities of every row, from a model fitted on the request. */
function libraryProbabilities({ matrix, labels, parameters }: FitRequest, groups: number): Float32Array {
  const library = new WasmLibrary()
  const { rows, columns, data } = matrix
  const fill = (room: Float32Array) => {
    room.set(data)
    encodeMissing(room)
  }
  return library.withFloats(data.length, fill, (all) => {
    const model = library.withFloats(
      rows,
      (room) => {
        room.set(labels)
      },
      (labelsOf) => library.createModel(all, labelsOf, rows, columns),
    )
    library.configure(model, { ...libraryParameters(parameters), silent: 1 })
    library.grow(model, parameters.rounds)
    const out = new Float32Array(rows * groups)
    for (let row = 0; row < rows; row++) {
      out.set(library.predictRow(model, all + row * columns * 4, columns, groups), row * groups)
    }
    return out
  })
}

const cases: readonly (readonly [string, BoosterParameters['objective'], (request: FitRequest) => FitRequest])[] = [
  ['continuous columns, three classes', 'multi:softprob', (request) => request],
  ['columns full of -1, three classes', 'multi:softprob', wholeNumbers],
  ['columns full of -1, binary', 'binary:logistic', wholeNumbers],
]

test.each(cases)('the forest answers 10,000 rows as the WebAssembly does: %s', (_, objective, shape) => {
  const request = shape(sampleRequest(10_000, 6, { objective }))
  const forest = Forest.fromXgboostJson(new WasmBooster().fit(request).json)
  const expected = libraryProbabilities(request, forest.groups)
  expect(largestDifference(forest.probabilities(request.matrix), expected)).toBeLessThan(1e-6)
})

const withNative = native ? test : test.skip
withNative(
  native ? 'libxgboost reads the WebAssembly model and answers alike' : 'libxgboost reads it (not installed)',
  () => {
    for (const objective of ['multi:softprob', 'binary:logistic'] as const) {
      const request = wholeNumbers(sampleRequest(10_000, 6, { objective, gamma: 1 }))
      const { json } = new WasmBooster().fit(request)
      const { rows, columns, data } = request.matrix
      const forest = Forest.fromXgboostJson(json)
      const matrix = native!.createMatrix(data, rows, columns)
      const booster = native!.createBooster([])
      native!.loadJson(booster, json)
      const margins = native!.predict(booster, matrix, 'margin', rows * forest.groups)
      expect(largestDifference(forest.margins(request.matrix), margins)).toBeLessThan(1e-6)
      const again = Forest.fromXgboostJson(native!.toJson(booster))
      expect(again.margins(request.matrix)).toEqual(forest.margins(request.matrix))
      expect(largestDifference(again.nodes.cover, forest.nodes.cover)).toBe(0)
      native!.freeBooster(booster)
      native!.freeMatrix(matrix)
    }
  },
)

test('encoding keeps the order of values and a decoded threshold splits the original values alike', () => {
  const around = fc.constantFrom(-1, -1 - 2 ** -23, -1 + 2 ** -24, 0, 1)
  const value = fc.oneof(around, fc.float({ noNaN: true, noDefaultInfinity: true }))
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 30 }), (values) => {
      const original = Float32Array.from(values)
      const encoded = original.slice()
      expect(encodeMissing(encoded)).toBe(-1)
      expect(encoded).not.toContain(-1)
      for (const threshold of encoded) {
        // A row holding the stand-in itself is one with -1 in training; only such a row may change sides.
        const decoded = decodeThreshold(threshold)
        original.forEach((x, i) => {
          if (x !== Math.fround(-1 + 2 ** -24)) expect(x < decoded).toBe(encoded[i]! < threshold)
        })
      }
    }),
  )
})

test('an infinite value is refused by row and column, and the next fit is sound', () => {
  const booster = new WasmBooster()
  const request = sampleRequest(100, 4)
  const { json } = booster.fit(request)
  const data = request.matrix.data.slice()
  data[4 * 7 + 2] = Infinity
  expect(() => booster.fit({ ...request, matrix: { ...request.matrix, data } })).toThrow(
    'column 2 of row 7 is infinite',
  )
  expect(booster.fit(request).json).toBe(json)
})

test('row weights are refused rather than ignored', () => {
  const request = sampleRequest(100, 4)
  const weights = new Float32Array(100).fill(1)
  expect(() => new WasmBooster().fit({ ...request, weights })).toThrow('row weights need the native engine')
})

test('fits give their memory back: the heap of many is the heap of one', () => {
  const booster = new WasmBooster()
  const request = sampleRequest(2_000, 40, { rounds: 1, maxDepth: 1 })
  booster.fit(request)
  const heap = booster.heapBytes
  for (let i = 0; i < 15; i++) booster.fit(request)
  expect(booster.heapBytes).toBe(heap)
})

test('a tree read from the middle of a model is the same tree', () => {
  const { matrix, labels, parameters } = sampleRequest(200, 3)
  const library = new WasmLibrary()
  const data = matrix.data.map(() => Random.of('old model').normal())
  const bytes = library.withFloats(
    data.length,
    (room) => {
      room.set(data)
    },
    (rowsOf) =>
      library.withFloats(
        200,
        (room) => {
          room.set(labels)
        },
        (labelsOf) => {
          const model = library.createModel(rowsOf, labelsOf, 200, 3)
          library.configure(model, { ...libraryParameters(parameters), silent: 1 })
          library.grow(model, 4)
          return library.save(model)
        },
      ),
  )
  const whole = readOldModel(bytes)
  expect(whole).toMatchObject({
    objective: 'multi:softprob',
    booster: 'gbtree',
    columns: 3,
    classes: 3,
    baseMargin: 0.5,
  })
  expect(whole.trees.map((tree) => tree.group)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
  expect(readOldModel(bytes, 7).trees).toEqual(whole.trees.slice(7))
})
