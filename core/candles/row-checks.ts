import { BullpenError } from '#core/errors'
import { candleFields, type CandleColumns } from './candle-columns.ts'

/** Where a bar came from, for errors: the file or source, and what its reader calls each row. */
export interface Origin {
  /** A path or source text, e.g. `btc.csv` or `exchange:binance:BTC/USDT:4h`. */
  readonly source: string
  /** The row number a person would look for, of the bar at an input index; index + 1 unless given. */
  readonly rowOf?: (index: number) => number
}

/** The row number of input index `index`. */
export function rowNumber(origin: Origin, index: number): number {
  return origin.rowOf ? origin.rowOf(index) : index + 1
}

/**
 * Refuses the first bar that cannot be true on its own. Throws CANDLE_NOT_FINITE, CANDLE_PRICE, CANDLE_VOLUME,
 * CANDLE_HIGH or CANDLE_LOW, each naming source, row and value. A price of zero is refused with the negative ones: no
 * trade has it, and every ratio of prices would be infinite.
 */
export function checkRows(columns: CandleColumns, origin: Origin): void {
  const { openTime, open, high, low, close, volume } = columns
  for (let i = 0; i < openTime.length; i++) {
    const [o, h, l, c, v] = [open[i]!, high[i]!, low[i]!, close[i]!, volume[i]!]
    const sound = Number.isSafeInteger(openTime[i]) && v >= 0 && v < Infinity && l > 0 && h < Infinity
    // Comparisons with NaN are false, so a row that passes all of them has no NaN either.
    if (sound && h >= o && h >= c && l <= o && l <= c) continue
    refuseRow(columns, origin, i)
  }
}

function refuseRow(columns: CandleColumns, origin: Origin, i: number): never {
  const where = { source: origin.source, row: rowNumber(origin, i) }
  for (const column of candleFields) {
    const value = columns[column][i]!
    const sound = column === 'openTime' ? Number.isSafeInteger(value) : Number.isFinite(value)
    if (!sound) throw new BullpenError('CANDLE_NOT_FINITE', { ...where, column, value: String(value) })
    if (column === 'volume' && value < 0) throw new BullpenError('CANDLE_VOLUME', { ...where, value })
    if (column !== 'openTime' && column !== 'volume' && value <= 0) {
      throw new BullpenError('CANDLE_PRICE', { ...where, column, value })
    }
  }
  const [open, high, low, close] = [columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!]
  if (high < Math.max(open, close)) {
    throw new BullpenError('CANDLE_HIGH', { ...where, value: high, bound: Math.max(open, close) })
  }
  throw new BullpenError('CANDLE_LOW', { ...where, value: low, bound: Math.min(open, close) })
}
