import type { CandleSeries } from '#core/candles'
import type { Columns } from '../check-causality.ts'

/** One column from a series: value of each row. */
export type ColumnOf = (series: CandleSeries) => Float64Array

/** Columns by name, side by side. */
export function columnsOf(parts: Readonly<Record<string, ColumnOf>>): (series: CandleSeries) => Columns {
  const columns = Object.keys(parts)
  return (series) => {
    const values = new Float64Array(series.rows * columns.length)
    for (const [c, name] of columns.entries()) values.set(parts[name]!(series), c * series.rows)
    return { rows: series.rows, columns, values }
  }
}

/** A value of each row from the series and the row. */
export function byRow(value: (series: CandleSeries, row: number) => number): ColumnOf {
  return (series) => Float64Array.from({ length: series.rows }, (_, row) => value(series, row))
}

/** Mean of `values` over rows from..to (inclusive), as far as there are any. */
export function meanOf(values: Float64Array, from: number, to: number): number {
  const part = values.subarray(Math.max(0, from), Math.min(values.length, to + 1))
  return part.reduce((sum, value) => sum + value, 0) / part.length
}

const change = (bars: number) => byRow(({ close }, row) => close[row]! / close[Math.max(0, row - bars)]! - 1)
const overMean = (bars: number) => byRow(({ close }, row) => close[row]! / meanOf(close, row - bars + 1, row) - 1)

/** Ten indicators in the usual manner, each of the row and what came before it. */
export const causalParts: Readonly<Record<string, ColumnOf>> = {
  change_1: change(1),
  change_3: change(3),
  change_12: change(12),
  over_mean_10: overMean(10),
  over_mean_30: overMean(30),
  range: byRow(({ high, low, close }, row) => (high[row]! - low[row]!) / close[row]!),
  place_in_range: byRow(({ high, low, close }, row) => (close[row]! - low[row]!) / (high[row]! - low[row]! || 1)),
  volume_over_mean: byRow(({ volume }, row) => volume[row]! / meanOf(volume, row - 19, row)),
  below_high_20: byRow(
    ({ high, close }, row) => close[row]! / Math.max(...high.subarray(Math.max(0, row - 19), row + 1)),
  ),
  ema_trend: ({ close, rows }) => {
    const out = new Float64Array(rows)
    let mean = close[0]!
    for (let row = 0; row < rows; row++) out[row] = close[row]! / (mean += (close[row]! - mean) / 8) - 1
    return out
  },
}

/** The clean feature step. */
export const causalColumns = columnsOf(causalParts)
