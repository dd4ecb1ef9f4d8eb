import { BullpenError } from '#core/errors'
import { checkGrid, detectWidth } from './bar-width.ts'
import { candleFields, rowRange, takeRows, type CandleColumns } from './candle-columns.ts'
import { toColumns } from './candle-rows.ts'
import type { Candle, CandleSeries, GapPolicy } from './candle.ts'
import { foldBars, type VolumeSum } from './fold-bars.ts'
import { findGaps, segmentsOf } from './gaps.ts'
import { checkRows, rowNumber, type Origin } from './row-checks.ts'
import { formatTime } from './time.ts'

/** Bars as they were read: any order, perhaps with repeats. */
export interface SeriesInput extends Origin {
  readonly symbol: string
  /** Width of a bar in ms; found from the most common step unless given. */
  readonly widthMs?: number
  readonly candles: readonly Candle[] | CandleColumns
}

export interface SeriesOptions {
  readonly gaps: GapPolicy
  /**
   * For a recording whose bars were cut off the grid by outages: folds each bar onto the grid of `widthMs`, which must
   * then be given, before the grid is checked. Off unless asked for.
   */
  readonly snapToGrid?: VolumeSum
}

/**
 * The only way to a series. Checks each bar, sorts, drops and counts exact repeats, finds the width and the gaps.
 * Throws CANDLES_EMPTY, the codes of {@link checkRows}, CANDLES_CONTRADICT for two different bars of one time,
 * CANDLES_WIDTH_UNKNOWN, CANDLES_MIXED_WIDTHS, CANDLES_OFF_GRID, and CANDLES_GAPS under the policy `reject`.
 */
export function makeSeries(input: SeriesInput, options: SeriesOptions): CandleSeries {
  const read = isRows(input.candles) ? toColumns(input.candles) : input.candles
  if (read.openTime.length === 0) throw new BullpenError('CANDLES_EMPTY', { source: input.source })
  checkRows(read, input)

  const distinct = dropRepeats(read, timeOrder(read.openTime), input)
  const sorted = normalise(takeRows(read, distinct))
  const columns = options.snapToGrid ? snap(sorted, input, options.snapToGrid) : sorted
  const widthMs = input.widthMs ?? detectWidth(columns.openTime, input.source)
  checkGrid(columns.openTime, widthMs, input, distinct)

  const gaps = findGaps(columns.openTime, widthMs)
  return {
    symbol: input.symbol,
    widthMs,
    rows: columns.openTime.length,
    ...columns,
    gaps,
    segments: segmentsOf(columns.openTime, gaps, options.gaps, input.source),
    duplicatesDropped: read.openTime.length - distinct.length,
  }
}

/**
 * Rows `start` (inclusive) to `end` (exclusive) of a series, which stays valid: gaps and segments are cut with it.
 * Views, no copy. Throws CANDLES_EMPTY when no row is left.
 */
export function sliceSeries(series: CandleSeries, start: number, end: number): CandleSeries {
  if (start >= end) throw new BullpenError('CANDLES_EMPTY', { source: series.symbol })
  const columns = rowRange(series, start, end)
  const [first, last] = [columns.openTime[0]!, columns.openTime.at(-1)!]
  return {
    ...series,
    ...columns,
    rows: end - start,
    gaps: series.gaps.filter(({ after, before }) => after >= first && before <= last),
    segments: series.segments
      .map((segment) => ({ start: Math.max(segment.start, start), end: Math.min(segment.end, end) }))
      .filter((segment) => segment.start < segment.end)
      .map((segment) => ({ start: segment.start - start, end: segment.end - start })),
  }
}

function isRows(candles: readonly Candle[] | CandleColumns): candles is readonly Candle[] {
  return Array.isArray(candles)
}

/** Input indices by open time, then by place. Files are almost always sorted, and then nothing is compared twice. */
function timeOrder(openTime: Float64Array): Uint32Array {
  const order = new Uint32Array(openTime.length)
  let sorted = true
  for (let i = 0; i < order.length; i++) {
    order[i] = i
    if (i > 0 && openTime[i - 1]! > openTime[i]!) sorted = false
  }
  return sorted ? order : order.sort((a, b) => openTime[a]! - openTime[b]! || a - b)
}

function dropRepeats(columns: CandleColumns, order: Uint32Array, origin: Origin): Uint32Array {
  const kept = new Uint32Array(order.length)
  let count = 0
  for (const index of order) {
    const previous = kept[count - 1]
    if (previous === undefined || columns.openTime[previous] !== columns.openTime[index]) kept[count++] = index
    else requireEqual(columns, previous, index, origin)
  }
  return kept.slice(0, count)
}

function requireEqual(columns: CandleColumns, first: number, second: number, origin: Origin): void {
  const column = candleFields.find((field) => columns[field][first] !== columns[field][second])
  if (!column) return
  throw new BullpenError('CANDLES_CONTRADICT', {
    source: origin.source,
    time: formatTime(columns.openTime[first]!),
    column,
    row: rowNumber(origin, second),
    value: columns[column][second]!,
    otherRow: rowNumber(origin, first),
    otherValue: columns[column][first]!,
  })
}

/** Minus zero becomes zero, so that equal series have equal bytes. */
function normalise(columns: CandleColumns): CandleColumns {
  for (let i = 0; i < columns.volume.length; i++) columns.volume[i]! += 0
  return columns
}

function snap(columns: CandleColumns, input: SeriesInput, sum: VolumeSum): CandleColumns {
  if (input.widthMs === undefined) throw new BullpenError('CANDLES_WIDTH_UNKNOWN', { source: input.source })
  return foldBars(columns, input.widthMs, sum)
}
