import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  clearOf,
  countRows,
  holdBack,
  kfold3,
  planRows,
  planSelection,
  purged,
  rangesOf,
  requireClassesInFolds,
  rowsIn,
  splitter,
  splitterNames,
  type RowRange,
} from '../index.ts'

/** Labels of random reach over rows of which some are unusable. */
const labelled = fc
  .record({
    looks: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 20, maxLength: 400 }),
    holes: fc.array(fc.integer({ min: 0, max: 399 }), { maxLength: 20 }),
    folds: fc.integer({ min: 2, max: 7 }),
    embargo: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ looks, holes, folds, embargo }) => {
    const rows = looks.length
    const reach = Int32Array.from(looks, (look, row) => Math.min(rows - 1, row + look))
    const usable = rangesOf(Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !holes.includes(row)))
    return { labels: { rows, reach }, usable, folds, embargo }
  })
  .filter(({ usable, folds }) => countRows(usable) >= folds)

test('no training label comes within the embargo of a test label, on either side', () => {
  fc.assert(
    fc.property(labelled, ({ labels, usable, folds, embargo }) => {
      for (const { trainRows, testRows } of purged(folds, embargo).split(labels, usable)) {
        const tested = rowsIn(testRows)
        for (const row of rowsIn(trainRows)) {
          for (const other of tested) expect(between(labels.reach, row, other)).toBeGreaterThanOrEqual(embargo)
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('purging takes no row which is clear of the test block', () => {
  fc.assert(
    fc.property(labelled, ({ labels, usable, folds, embargo }) => {
      for (const { trainRows, testRows } of purged(folds, embargo).split(labels, usable)) {
        const tested = rowsIn(testRows)
        const kept = new Set(rowsIn(trainRows))
        for (const row of rowsIn(usable)) {
          const clear = tested.every((other) => between(labels.reach, row, other) >= embargo)
          expect(kept.has(row)).toBe(clear && !tested.includes(row))
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('every usable row is tested exactly once, in blocks that differ by one row at most', () => {
  fc.assert(
    fc.property(labelled, ({ labels, usable, folds, embargo }) => {
      const blocks = purged(folds, embargo)
        .split(labels, usable)
        .map(({ testRows }) => Array.from(rowsIn(testRows)))
      expect(blocks.flat()).toEqual(Array.from(rowsIn(usable)))
      const sizes = blocks.map((block) => block.length)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }),
  )
})

test('test rows in several blocks are all kept clear of', () => {
  const reach = Int32Array.from({ length: 100 }, (_, row) => Math.min(99, row + 3))
  const testRows = [
    { start: 20, end: 30 },
    { start: 60, end: 70 },
  ]
  expect(clearOf({ rows: 100, reach }, [{ start: 0, end: 100 }], testRows, 5)).toEqual([
    { start: 0, end: 12 },
    { start: 38, end: 52 },
    { start: 78, end: 100 },
  ])
})

test('kfold3 is the three unshuffled blocks of the reference', () => {
  const reach = new Int32Array(8500)
  const folds = kfold3().split({ rows: 8500, reach }, [{ start: 299, end: 8499 }])
  expect(folds.map(({ testRows }) => countRows(testRows))).toEqual([2734, 2733, 2733])
  expect(folds[1]!.trainRows).toEqual([
    { start: 299, end: 3033 },
    { start: 5766, end: 8499 },
  ])
})

test('the plan keeps the held-out tail and the selection test rows clear of what trains', () => {
  const table = swingLike(2195)
  const plan = planRows(table)
  const selection = planSelection(table, plan.development, plan.embargo)
  expect(plan.embargo).toBe(60)
  expect(plan.usable).toEqual([{ start: 299, end: 2189 }])
  expect(countRows(plan.heldOut)).toBe(Math.round(1890 * 0.15))
  expectClear(table.reach, plan.development, plan.heldOut, 60)
  expectClear(table.reach, selection.trainRows, selection.testRows, 60)
  expect(countRows(selection.testRows) / countRows(plan.development)).toBeCloseTo(2300 / 8200, 3)
})

test('rows held back for early stopping are clear of the rows that train', () => {
  const table = swingLike(2195)
  const { trainRows, evaluationRows } = holdBack(table, [{ start: 300, end: 1300 }], { share: 0.2, embargo: 60 })
  expect(evaluationRows).toEqual([{ start: 1100, end: 1300 }])
  expectClear(table.reach, trainRows, evaluationRows, 60)
})

test('too few rows says how many candles would do, and so many do', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 2, max: 8 }), (rows, folds) => {
      const needed = neededRows(rows, folds)
      if (rows > 305) expect(neededRows(needed - 1, folds)).toBe(needed)
      const table = swingLike(needed)
      const plan = planRows(table, { splits: purged(folds, 60) })
      expect(countRows(plan.heldOut)).toBeGreaterThanOrEqual(50)
      expect(countRows(planSelection(table, plan.development, plan.embargo).trainRows)).toBeGreaterThanOrEqual(200)
      for (const { trainRows, testRows } of purged(folds, plan.embargo).split(table, plan.development)) {
        expect(countRows(trainRows)).toBeGreaterThanOrEqual(200)
        expect(countRows(testRows)).toBeGreaterThanOrEqual(50)
      }
    }),
    { numRuns: 20 },
  )
})

test('a fold that lacks a class is named before anything is fitted', () => {
  const target = Int8Array.from({ length: 90 }, (_, row) => (row < 60 ? (row % 3) - 1 : row % 2))
  const folds = kfold3().split({ rows: 90, reach: new Int32Array(90) }, [{ start: 0, end: 90 }])
  expect(() => {
    requireClassesInFolds(folds, target)
  }).toThrow(
    expect.objectContaining({
      code: 'ONE_CLASS',
      details: { where: 'the test rows of fold 3 of 3', only: 'hold and buy' },
    }),
  )
})

test('splits are found by name', () => {
  const table = { maxReach: 75, warmup: 299 }
  for (const name of splitterNames) expect(splitter(name, table, { folds: 4 }).name).toBe(name)
  expect(splitter('purged', table, { folds: 4 }).parameters).toEqual({ folds: 4, embargo: 75 })
  for (const name of ['walk-forward-expanding', 'walk-forward-rolling']) {
    expect(splitter(name, table, { folds: 4 }).parameters).toMatchObject({ folds: 4, embargo: 75 })
  }
  expect(splitter('combinatorial-purged', table, { folds: 4 }).parameters).toEqual({
    folds: 6,
    groups: 4,
    testGroups: 2,
    embargo: 75,
    embargoAfter: 299,
  })
  const refused = (code: string) => expect.objectContaining({ code })
  expect(() => splitter('walk', table, { folds: 4 })).toThrow(refused('UNKNOWN_NAME'))
  expect(() => splitter('purged', table, { folds: 1 })).toThrow(refused('USAGE'))
  expect(() => splitter('combinatorial-purged', table, { folds: 4, testGroups: 4 })).toThrow(refused('USAGE'))
  expect(() => splitter('combinatorial-purged', table, { folds: 40, testGroups: 5 })).toThrow(refused('USAGE'))
})

/** Whole rows between the label intervals of two rows; negative when they meet. */
function between(reach: Int32Array, a: number, b: number): number {
  const [first, second] = a < b ? [a, b] : [b, a]
  return second - reach[first]! - 1
}

function expectClear(reach: Int32Array, train: readonly RowRange[], test: readonly RowRange[], embargo: number) {
  const tested = rowsIn(test)
  for (const row of rowsIn(train)) {
    expect(tested.every((other) => between(reach, row, other) >= embargo)).toBe(true)
  }
}

/** Rows with the warm-up of the reference and look-aheads like those of the swing label. */
function swingLike(rows: number) {
  return {
    rows,
    warmup: 299,
    maxReach: 51,
    reach: Int32Array.from({ length: rows }, (_, row) => Math.min(rows - 1, row + 9 + ((row * 7) % 43))),
    complete: Uint8Array.from({ length: rows }, (_, row) => (row < rows - 6 ? 1 : 0)),
    settled: Uint8Array.from({ length: rows }, (_, row) => (row < 299 ? 0 : 1)),
  }
}

function neededRows(rows: number, folds: number): number {
  try {
    planRows(swingLike(rows), { splits: purged(folds, 60) })
    return rows
  } catch (error) {
    expect(error).toMatchObject({ code: 'TOO_FEW_ROWS', details: { rows } })
    return (error as { details: { needed: number } }).details.needed
  }
}
