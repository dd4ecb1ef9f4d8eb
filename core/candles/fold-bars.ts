import { emptyColumns, rowRange, type CandleColumns } from './candle-columns.ts'

/** How the volumes of one wider bar are added up. */
export interface VolumeSum {
  /**
   * Decimals the source quotes volumes in; the sum is rounded to them, so that it does not depend on the order or the
   * steps in which it was taken. Without it the plain sum in order of time stands.
   */
  readonly volumeDecimals?: number
}

/**
 * Folds bars sorted by time onto the grid floor(open time / width): first open, highest high, lowest low, last close,
 * summed volume. A wider bar that has only some of its narrower ones is kept, as exchanges do.
 */
export function foldBars(columns: CandleColumns, widthMs: number, sum: VolumeSum): CandleColumns {
  const folded = emptyColumns(columns.openTime.length)
  let last = -1
  for (let i = 0; i < columns.openTime.length; i++) {
    const openTime = Math.floor(columns.openTime[i]! / widthMs) * widthMs
    if (last < 0 || folded.openTime[last] !== openTime) {
      last++
      folded.openTime[last] = openTime
      folded.open[last] = columns.open[i]!
      folded.high[last] = columns.high[i]!
      folded.low[last] = columns.low[i]!
    }
    folded.high[last] = Math.max(folded.high[last]!, columns.high[i]!)
    folded.low[last] = Math.min(folded.low[last]!, columns.low[i]!)
    folded.close[last] = columns.close[i]!
    folded.volume[last]! += columns.volume[i]!
  }
  if (sum.volumeDecimals !== undefined) roundTo(folded.volume, sum.volumeDecimals)
  return rowRange(folded, 0, last + 1)
}

/** Dividing an integer by a power of ten is correctly rounded, so the result is the double nearest to the decimal. */
function roundTo(values: Float64Array, decimals: number): void {
  const scale = 10 ** decimals
  for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i]! * scale) / scale
}
