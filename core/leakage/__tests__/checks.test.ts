import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { computeFeatures, featureSet } from '#core/features'
import { checkCausality, checkFolds, checkShuffled, checkTable, latestRows, mutateFuture } from '#core/leakage'
import { syntheticSeries } from '#core/leakage/testing'
import { Random } from '#core/random'
import { rangesOf, type TrainingTable } from '#core/selection'

const series = syntheticSeries(500, 3)
const set = featureSet('reference')

test('the reference features read no candle after their row', () => {
  const check = checkCausality(series, (candles) => computeFeatures(candles, set), { seed: 1 })
  expect(check).toMatchObject({ passed: true, figures: { columns: set.columns.length, moments: 6, leakingColumns: 0 } })
})

test('a future made up leaves what came before as it was, and is valid', () => {
  const made = mutateFuture(series, 200, 1)
  expect(made.close.subarray(0, 201)).toEqual(series.close.subarray(0, 201))
  expect(made.close[201]).not.toBe(series.close[201])
  for (let row = 0; row < made.rows; row++) {
    expect(made.high[row]!).toBeGreaterThanOrEqual(Math.max(made.open[row]!, made.close[row]!))
    expect(made.low[row]!).toBeLessThanOrEqual(Math.min(made.open[row]!, made.close[row]!))
  }
})

test('a table that holds something else than the features of its candles fails', () => {
  const computed = computeFeatures(series, set)
  const { rows, columns } = computed
  expect(checkTable({ rows, columns, values: computed.values }, computed).passed).toBe(true)
  const values = computed.values.slice()
  values[7 * rows + 400]! += 1e-9
  const check = checkTable({ rows, columns, values }, computed)
  expect(check).toMatchObject({ passed: false, figures: { different: 1 } })
  expect(check.summary).toContain(columns[7])
})

/** A table of `rows` rows whose labels reach `reaches` rows on. */
function tableOf(reaches: readonly number[]): Pick<TrainingTable, 'reach' | 'complete' | 'settled'> {
  const ones = new Uint8Array(reaches.length).fill(1)
  const reach = Int32Array.from(reaches, (length, row) => Math.min(reaches.length - 1, row + length))
  return { reach, complete: ones, settled: ones }
}

test('folds pass exactly when no pair of labels comes within the embargo', () => {
  const cases = fc.record({
    reaches: fc.array(fc.nat(6), { minLength: 4, maxLength: 40 }),
    sides: fc.array(fc.constantFrom('train', 'test', 'neither'), { minLength: 40, maxLength: 40 }),
    embargo: fc.nat(4),
  })
  fc.assert(
    fc.property(cases, ({ reaches, sides, embargo }) => {
      const table = tableOf(reaches)
      const rowsOf = (side: string) => [...reaches.keys()].filter((row) => sides[row] === side)
      const [train, tested] = [rowsOf('train'), rowsOf('test')]
      const touching = train.some((a) =>
        tested.some((b) => table.reach[a]! + embargo >= b && table.reach[b]! + embargo >= a),
      )
      const fold = { trainRows: rangesOf(train), testRows: rangesOf(tested) }
      expect(checkFolds(table, [fold], { embargo }).passed).toBe(!touching)
    }),
    { numRuns: 300 },
  )
})

test('answers without knowledge of the labels are at chance, in forty draws', () => {
  const alarms = Array.from({ length: 40 }, (_, seed) => {
    const random = Random.of(seed, 'guess')
    const target = Int8Array.from({ length: 120 }, () => random.below(3) - 1)
    const probabilities = Float64Array.from({ length: 3 * target.length }, () => random.uniform())
    return checkShuffled({ probabilities, target }, { seed })
  }).filter(({ passed }) => !passed)
  expect(alarms).toEqual([])
})

test('the last rows of a table are a table of their own', () => {
  const rows = 10
  const numbers = Float64Array.from({ length: rows }, (_, row) => row)
  const flags = new Uint8Array(rows).fill(1)
  const table: TrainingTable = {
    rows,
    featureSet: 'x',
    featureSetHash: '',
    warmup: 0,
    columns: ['a', 'b'],
    values: Float64Array.from({ length: 2 * rows }, (_, i) => i),
    openTime: numbers,
    close: numbers,
    naive: numbers,
    weight: numbers,
    target: new Int8Array(rows),
    reach: Int32Array.from(numbers, (row) => Math.min(rows - 1, row + 2)),
    complete: flags,
    settled: flags,
    maxReach: 2,
  }
  const last = latestRows(table, 3)
  expect([...last.values]).toEqual([7, 8, 9, 17, 18, 19])
  expect([...last.reach]).toEqual([2, 2, 2])
  expect([...last.openTime]).toEqual([7, 8, 9])
  expect(latestRows(table, 10)).toBe(table)
})
