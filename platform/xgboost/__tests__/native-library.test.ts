import { expect, test } from '@jest/globals'
import { Contributions, Forest, type BoosterParameters } from '#core/model'
import { resolveEngine } from '#platform/xgboost'
import { findLibrary } from '../native/find-library.ts'
import { libraryParameters } from '../parameters.ts'
import { largestDifference, sampleRequest } from './sample.ts'

const { library } = findLibrary({ explicitPath: process.env.XGBOOST_LIBRARY })
const withLibrary = (fact: string, check: () => void | Promise<void>) => {
  if (library) test(fact, check)
  else test.skip(`${fact} (libxgboost is not installed)`, check)
}

const objectives: readonly BoosterParameters['objective'][] = ['multi:softprob', 'binary:logistic']
for (const objective of objectives) {
  withLibrary(`the forest answers 10,000 rows as libxgboost does, ${objective}`, () => {
    const { matrix, labels, parameters } = sampleRequest(10_000, 8, { objective, maxDepth: 6 })
    const rows = library!.createMatrix(matrix.data, matrix.rows, matrix.columns)
    library!.setMatrixInfo(rows, 'label', labels)
    const booster = library!.createBooster([rows])
    try {
      library!.configure(booster, libraryParameters(parameters))
      for (let round = 0; round < parameters.rounds; round++) library!.updateOneRound(booster, round, rows)
      const forest = Forest.fromXgboostJson(library!.toJson(booster))
      const length = matrix.rows * forest.groups
      const margins = library!.predict(booster, rows, 'margin', length)
      const probabilities = library!.predict(booster, rows, 'probability', length)
      expect(largestDifference(forest.margins(matrix), margins)).toBeLessThan(1e-6)
      expect(largestDifference(forest.probabilities(matrix), probabilities)).toBeLessThan(1e-6)
    } finally {
      library!.freeBooster(booster)
      library!.freeMatrix(rows)
    }
  })
}

for (const objective of objectives) {
  withLibrary(`contributions of 1,000 rows are those of libxgboost within 1e-5, ${objective}`, () => {
    const { matrix, labels, parameters } = sampleRequest(1_000, 8, { objective, maxDepth: 6, rounds: 20 })
    const rows = library!.createMatrix(matrix.data, matrix.rows, matrix.columns)
    library!.setMatrixInfo(rows, 'label', labels)
    const booster = library!.createBooster([rows])
    try {
      library!.configure(booster, libraryParameters(parameters))
      for (let round = 0; round < parameters.rounds; round++) library!.updateOneRound(booster, round, rows)
      const forest = Forest.fromXgboostJson(library!.toJson(booster))
      const width = forest.groups * (matrix.columns + 1)
      const expected = library!.predict(booster, rows, 'contributions', matrix.rows * width)
      const contributions = new Contributions(forest)
      for (let row = 0; row < matrix.rows; row++) {
        const theirs = expected.subarray(row * width, (row + 1) * width)
        expect(largestDifference(contributions.ofRow(matrix, row), theirs)).toBeLessThan(1e-5)
      }
    } finally {
      library!.freeBooster(booster)
      library!.freeMatrix(rows)
    }
  })
}

withLibrary('a failing call throws the message of the library', () => {
  const rows = library!.createMatrix(new Float32Array(6), 3, 2)
  const booster = library!.createBooster([rows])
  library!.configure(booster, { objective: 'no:such' })
  expect(() => {
    library!.updateOneRound(booster, 0, rows)
  }).toThrow(/FIT_FAILED|no:such/)
  library!.freeBooster(booster)
  library!.freeMatrix(rows)
})

withLibrary('native is resolved to a version and a path that threads can load', async () => {
  const resolved = await resolveEngine('auto', { explicitPath: library!.path })
  expect(resolved.engine).toEqual({ name: 'native', version: library!.version })
  expect(resolved.libraryPath).toBe(library!.path)
  expect(resolved.note).toContain('native')
})

test('an explicit path that is no library is an error even for auto', async () => {
  const refusal = expect.objectContaining({ code: 'ENGINE_UNAVAILABLE' })
  await expect(resolveEngine('auto', { explicitPath: '/nowhere/libxgboost.so' })).rejects.toEqual(refusal)
  await expect(resolveEngine('native', { explicitPath: import.meta.filename })).rejects.toEqual(refusal)
})

test('native is unavailable where no library is found', async () => {
  await expect(resolveEngine('native', { system: false })).rejects.toThrow('libxgboost 1.7 or newer was not found')
})

test('an unknown engine is answered with the known ones', async () => {
  await expect(resolveEngine('gpu')).rejects.toThrow('there is no engine gpu; known are auto, native, wasm')
})
