/** Candles as parallel columns in any order: row t of each is the same bar. `openTime` in ms, as {@link Candle}. */
export interface CandleColumns {
  readonly openTime: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}

/** The columns of a bar, in the order every table and file of bullpen writes them. */
export const candleFields = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const
export type CandleField = (typeof candleFields)[number]

/** Columns of `rows` zeros to write into. */
export function emptyColumns(rows: number): CandleColumns {
  const column = (): Float64Array => new Float64Array(rows)
  return { openTime: column(), open: column(), high: column(), low: column(), close: column(), volume: column() }
}

/** Columns of the rows that `indices` names, in that order; copies. */
export function takeRows(columns: CandleColumns, indices: ArrayLike<number>): CandleColumns {
  const taken = emptyColumns(indices.length)
  for (const field of candleFields) {
    const [from, to] = [columns[field], taken[field]]
    for (let i = 0; i < to.length; i++) to[i] = from[indices[i]!]!
  }
  return taken
}

/** Rows `start` (inclusive) to `end` (exclusive) as views; nothing is copied. */
export function rowRange(columns: CandleColumns, start: number, end: number): CandleColumns {
  const view = (field: CandleField): Float64Array => columns[field].subarray(start, end)
  return {
    openTime: view('openTime'),
    open: view('open'),
    high: view('high'),
    low: view('low'),
    close: view('close'),
    volume: view('volume'),
  }
}
