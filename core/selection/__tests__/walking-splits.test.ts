import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  combinatorialPurged,
  countRows,
  lookBackEmbargo,
  planRows,
  purged,
  rangesOf,
  rowsIn,
  walkForward,
  type Embargo,
  type Fold,
} from '../index.ts'

/** Labels of random reach over rows of which some are unusable. */
const labelled = fc
  .record({
    looks: fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 30, maxLength: 250 }),
    holes: fc.array(fc.integer({ min: 0, max: 249 }), { maxLength: 15 }),
  })
  .map(({ looks, holes }) => {
    const rows = looks.length
    const reach = Int32Array.from(looks, (look, row) => Math.min(rows - 1, row + look))
    const usable = rangesOf(Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !holes.includes(row)))
    return { labels: { rows, reach }, usable }
  })
const windows = fc.constantFrom('expanding' as const, 'rolling' as const)
const steps = fc.integer({ min: 1, max: 5 })
const rowsOfEmbargo = fc.integer({ min: 0, max: 30 })

test('walking forward never trains on a later row, nor on a label that ends within the embargo of a test row', () => {
  fc.assert(
    fc.property(labelled, windows, steps, rowsOfEmbargo, ({ labels, usable }, window, folds, embargo) => {
      for (const fold of walkForward(window, folds, embargo).split(labels, usable)) {
        const firstTested = rowsIn(fold.testRows)[0]!
        for (const row of rowsIn(fold.trainRows)) expect(labels.reach[row]! + embargo).toBeLessThan(firstTested)
      }
    }),
    { numRuns: 60 },
  )
})

test('walking forward tests the later half of the rows once, in order, and rolls over as many rows as that skips', () => {
  fc.assert(
    fc.property(labelled, windows, steps, ({ labels, usable }, window, folds) => {
      const all = Array.from(rowsIn(usable))
      const first = Math.floor(all.length / 2)
      const cut = walkForward(window, folds, 0).split({ ...labels, reach: reachOfNone(labels.rows) }, usable)
      expect(cut).toHaveLength(folds)
      expect(cut.flatMap(({ testRows }) => Array.from(rowsIn(testRows)))).toEqual(all.slice(first))
      for (const { trainRows, testRows } of cut) {
        const at = all.indexOf(rowsIn(testRows)[0]!)
        expect(Array.from(rowsIn(trainRows))).toEqual(all.slice(window === 'rolling' ? at - first : 0, at))
      }
    }),
    { numRuns: 60 },
  )
})

const combinations = fc
  .integer({ min: 2, max: 6 })
  .chain((groups) => fc.record({ groups: fc.constant(groups), testGroups: fc.integer({ min: 1, max: groups - 1 }) }))

test('no training label of a combinatorial fold comes within its embargo of a test label, on either side', () => {
  const embargoes = fc.record({ before: rowsOfEmbargo, after: rowsOfEmbargo })
  fc.assert(
    fc.property(labelled, combinations, embargoes, ({ labels, usable }, { groups, testGroups }, embargo) => {
      for (const fold of combinatorialPurged(groups, testGroups, embargo).split(labels, usable)) {
        expectClear(labels.reach, fold, embargo)
      }
    }),
    { numRuns: 25 },
  )
})

test('combinatorial folds test every row equally often, and every choice of groups once', () => {
  fc.assert(
    fc.property(labelled, combinations, ({ labels, usable }, { groups, testGroups }) => {
      const splits = combinatorialPurged(groups, testGroups, { before: 0, after: 0 })
      const folds = splits.split(labels, usable)
      expect(folds).toHaveLength(choose(groups, testGroups))
      expect(splits.folds).toBe(folds.length)
      const tested = new Map<number, number>()
      for (const { testRows } of folds) for (const row of rowsIn(testRows)) tested.set(row, (tested.get(row) ?? 0) + 1)
      expect(tested.size).toBe(countRows(usable))
      expect(new Set(tested.values())).toEqual(new Set([choose(groups - 1, testGroups - 1)]))
      expect(new Set(folds.map(({ testRows }) => JSON.stringify(testRows))).size).toBe(folds.length)
    }),
    { numRuns: 40 },
  )
})

test('the embargo after a test block covers the look-back of the features and the reach of the label', () => {
  expect(lookBackEmbargo({ maxReach: 24, warmup: 299 })).toEqual({ before: 60, after: 299 })
  expect(lookBackEmbargo({ maxReach: 400, warmup: 299 })).toEqual({ before: 400, after: 400 })
})

test('too few rows for outer steps says how many candles would do, and so many do', () => {
  const options = { splits: purged(3, 60), outer: walkForward('expanding', 4, 60) }
  const needed = neededFor(400)
  expect(neededFor(needed - 1)).toBe(needed)
  const plan = planRows(tableOf(needed), options)
  for (const { trainRows, testRows } of options.outer.split(tableOf(needed), plan.development)) {
    expect(countRows(testRows)).toBeGreaterThanOrEqual(50)
    for (const inner of options.splits.split(tableOf(needed), trainRows)) {
      expect(countRows(inner.trainRows)).toBeGreaterThanOrEqual(200)
    }
  }

  function neededFor(rows: number): number {
    try {
      planRows(tableOf(rows), options)
    } catch (error) {
      return (error as { details: { needed: number } }).details.needed
    }
    throw new Error(`${rows} rows are enough`)
  }
})

function tableOf(rows: number) {
  return {
    rows,
    warmup: 299,
    maxReach: 24,
    reach: Int32Array.from({ length: rows }, (_, row) => Math.min(rows - 1, row + 1 + ((row * 7) % 24))),
    complete: Uint8Array.from({ length: rows }, (_, row) => (row < rows - 24 ? 1 : 0)),
    settled: Uint8Array.from({ length: rows }, (_, row) => (row < 299 ? 0 : 1)),
  }
}

function reachOfNone(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row)
}

function expectClear(reach: Int32Array, { trainRows, testRows }: Fold, { before, after }: Embargo): void {
  const tested = rowsIn(testRows)
  for (const row of rowsIn(trainRows)) {
    const close = tested.find((other) =>
      row < other ? other - reach[row]! - 1 < before : row - reach[other]! - 1 < after,
    )
    expect(close).toBeUndefined()
  }
}

function choose(of: number, count: number): number {
  return count === 0 ? 1 : (choose(of - 1, count - 1) * of) / count
}
