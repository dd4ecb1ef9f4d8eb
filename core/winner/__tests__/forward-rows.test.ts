import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Random } from '#core/random'
import { defaultEmbargo, planRows, purged, rowsIn, type PlannedTable, type RowPlan } from '#core/selection'
import { forwardFrom, forwardRows, type Learned } from '../index.ts'

const widthMs = 60_000

/** A series with gaps whose labels reach over up to `maxReach` rows. */
interface Drawn {
  readonly openTime: Float64Array
  readonly table: PlannedTable
}

const shape = fc.record({
  rows: fc.integer({ min: 2000, max: 2500 }),
  maxReach: fc.integer({ min: 1, max: 60 }),
  gaps: fc.nat(4),
  seed: fc.nat(1_000_000),
})

function draw({ rows, maxReach, gaps, seed }: { rows: number; maxReach: number; gaps: number; seed: number }): Drawn {
  const random = Random.of(seed, 'series')
  const missing = new Map(Array.from({ length: gaps }, () => [random.below(rows), 1 + random.below(200)]))
  const openTime = new Float64Array(rows)
  for (let row = 1; row < rows; row++) openTime[row] = openTime[row - 1]! + (1 + (missing.get(row) ?? 0)) * widthMs
  const reach = new Int32Array(rows)
  const complete = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) {
    const wanted = row + random.below(maxReach + 1)
    reach[row] = Math.min(rows - 1, wanted)
    complete[row] = wanted < rows ? 1 : 0
  }
  return { openTime, table: { rows, reach, maxReach, complete, settled: new Uint8Array(rows).fill(1), warmup: 0 } }
}

/** The table of the first `rows` candles, as an earlier run saw it. */
function earlier({ openTime, table }: Drawn, rows: number): Drawn {
  const complete = Uint8Array.from({ length: rows }, (_, row) =>
    table.reach[row]! < rows && table.complete[row] ? 1 : 0,
  )
  const reach = Int32Array.from({ length: rows }, (_, row) => Math.min(rows - 1, table.reach[row]!))
  return {
    openTime: openTime.slice(0, rows),
    table: { ...table, rows, complete, reach, settled: table.settled.slice(0, rows) },
  }
}

function planOf({ table }: Drawn): RowPlan {
  return planRows(table, { splits: purged(3, defaultEmbargo(table)) })
}

function learned({ openTime, table }: Drawn, plan: RowPlan): Learned {
  const data = { rows: table.rows, firstOpenTime: openTime[0]!, lastOpenTime: openTime[table.rows - 1]!, widthMs }
  return { data: { ...data, sha256: '', source: '', symbol: '', gaps: 0 }, splits: { heldOutRows: plan.heldOut } }
}

test('no forward row reads a candle that either model was fitted, selected or tuned on', () => {
  let measured = 0
  fc.assert(
    fc.property(shape, fc.double({ min: 0.8, max: 1, noNaN: true }), (given, share) => {
      const series = draw(given)
      const before = earlier(series, Math.floor(series.table.rows * share))
      const plans = [planOf(series), planOf(before)] as const
      const rows = forwardRows(plans[0], series.openTime, learned(before, plans[1]))
      measured += rows.length
      for (const [{ table }, plan] of [
        [series, plans[0]],
        [before, plans[1]],
      ] as const) {
        // Both series begin with the same candle, so that rows of one are rows of the other.
        const lastRead = Math.max(...rowsIn(plan.development).map((row) => table.reach[row]!))
        expect(rows[0] ?? Infinity).toBeGreaterThan(lastRead + plan.embargo)
      }
    }),
    { numRuns: 30, seed: 3 },
  )
  expect(measured).toBeGreaterThan(1000)
})

test('a gap behind the tail makes the first forward row later, never earlier', () => {
  fc.assert(
    fc.property(shape, (given) => {
      const series = draw(given)
      const plan = planOf(series)
      expect(forwardFrom(learned(series, plan))).toBeGreaterThanOrEqual(series.openTime[plan.heldOut[0]!.start]!)
    }),
    { numRuns: 30, seed: 4 },
  )
})

test('a manifest that names no held-out tail leaves no forward row', () => {
  const { data } = learned({ openTime: Float64Array.of(0), table: { rows: 1 } as PlannedTable }, {
    heldOut: [],
  } as never)
  expect(forwardFrom({ data, splits: {} })).toBe(Infinity)
  expect(
    forwardRows({ heldOut: [{ start: 0, end: 3 }] }, [0, 1, 2], { data, splits: { heldOutRows: 'none' } }),
  ).toHaveLength(0)
})
