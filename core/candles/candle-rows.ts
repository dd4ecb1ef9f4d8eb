import { candleFields, emptyColumns, type CandleColumns } from './candle-columns.ts'
import type { Candle } from './candle.ts'

/** Rows to columns; copies. */
export function toColumns(candles: readonly Candle[]): CandleColumns {
  const columns = emptyColumns(candles.length)
  candles.forEach((candle, row) => {
    for (const field of candleFields) columns[field][row] = candle[field]
  })
  return columns
}

/** Columns to rows, for stores and files that take one bar at a time. A series is such columns. */
export function toCandles(columns: CandleColumns): Candle[] {
  return Array.from(columns.openTime, (_, row) => candleAt(columns, row))
}

/** Row `row` (0-based) as one bar. */
export function candleAt(columns: CandleColumns, row: number): Candle {
  return {
    openTime: columns.openTime[row]!,
    open: columns.open[row]!,
    high: columns.high[row]!,
    low: columns.low[row]!,
    close: columns.close[row]!,
    volume: columns.volume[row]!,
  }
}
