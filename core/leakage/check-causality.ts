import { sliceSeries, type CandleSeries } from '#core/candles'
import { Random } from '#core/random'
import type { LeakCheck } from '#core/registry'
import { mutateFuture } from './mutate-future.ts'

/** Columns of a pipeline: column c is values[c*rows .. (c+1)*rows). Row t is candle t. */
export interface Columns {
  readonly rows: number
  readonly columns: readonly string[]
  readonly values: Float64Array
}

export interface CausalityOptions {
  readonly seed: number
  /** How many moments are tried. A leak within a day of 4-hour bars shows in five moments of six. */
  readonly moments?: number
  /** The columns of the whole series, where they are known already. */
  readonly whole?: Columns
}

/** A column that changed at a moment because of candles after it. */
interface Leak {
  readonly column: string
  readonly row: number
}

/**
 * Features of a row may read candles up to that row and no further. At seeded moments the columns are computed twice
 * more: from the candles up to the moment alone, and with every later candle made up. No row up to the moment may differ
 * in any bit from what the whole series gave, whichever kernel, scaling or join it came through.
 */
export function checkCausality(
  series: CandleSeries,
  compute: (series: CandleSeries) => Columns,
  { seed, moments = 6, whole = compute(series) }: CausalityOptions,
): LeakCheck {
  const rows = momentsOf(series, seed, moments)
  const leaks = rows.flatMap((row) => [
    ...differences(whole, compute(sliceSeries(series, 0, row + 1)), row),
    ...differences(whole, compute(mutateFuture(series, row, seed)), row),
  ])
  const columns = [...new Set(leaks.map(({ column }) => column))]
  const first = leaks[0]
  return {
    name: 'features-causal',
    passed: leaks.length === 0,
    summary: first
      ? `${columns.length} columns read candles after their row, e.g. ${first.column} at row ${first.row}`
      : `${whole.columns.length} columns at ${rows.length} moments do not change with the candles after them`,
    figures: { columns: whole.columns.length, moments: rows.length, leakingColumns: columns.length },
  }
}

/** Distinct rows in the last two thirds of the series, never the last. */
function momentsOf({ rows }: CandleSeries, seed: number, count: number): number[] {
  const random = Random.of(seed, 'moments')
  const from = Math.floor(rows / 3)
  const chosen = new Set<number>()
  while (chosen.size < Math.min(count, rows - 1 - from)) chosen.add(from + random.below(rows - 1 - from))
  return [...chosen].sort((a, b) => a - b)
}

/** The first row up to `last` in which each column differs, NaN being equal to NaN. */
function differences(whole: Columns, other: Columns, last: number): Leak[] {
  return whole.columns.flatMap((column, c) => {
    for (let row = 0; row <= last; row++) {
      if (!Object.is(whole.values[c * whole.rows + row], other.values[c * other.rows + row])) return [{ column, row }]
    }
    return []
  })
}
