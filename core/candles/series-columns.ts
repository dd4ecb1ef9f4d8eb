import type { ColumnFile } from '#core/columnar'
import { BullpenError } from '#core/errors'
import { candleFields, type CandleColumns, type CandleField } from './candle-columns.ts'
import type { CandleSeries } from './candle.ts'
import { makeSeries } from './make-series.ts'

/**
 * A series as a column file, to lie in the object store under its SHA-256: equal bars give equal bytes. How many
 * repeats the source had is not part of the data and is left out; the gap policy is, as `gaps` `keep` or `split`.
 */
export function seriesToColumns(series: CandleSeries): ColumnFile {
  const arrays = Object.fromEntries(candleFields.map((field) => [field, series[field]]))
  const gaps = series.segments.length > 1 ? 'split' : 'keep'
  return { meta: { kind: 'candles', symbol: series.symbol, widthMs: series.widthMs, gaps }, arrays }
}

/** The reverse, checked as any other source is. Throws DATA_SET_INVALID and the codes of {@link makeSeries}. */
export function seriesFromColumns(file: ColumnFile, source = 'column file'): CandleSeries {
  const { kind, symbol, widthMs, gaps } = file.meta
  if (kind !== 'candles' || typeof symbol !== 'string' || typeof widthMs !== 'number') {
    throw new BullpenError('DATA_SET_INVALID', { reason: `${source} does not hold candles` })
  }
  const column = (name: CandleField): Float64Array => {
    const array = file.arrays[name]
    if (array instanceof Float64Array && array.length === file.arrays.openTime?.length) return array
    throw new BullpenError('DATA_SET_INVALID', { reason: `${source} has no whole column ${name}` })
  }
  const candles = Object.fromEntries(candleFields.map((name) => [name, column(name)])) as unknown as CandleColumns
  return makeSeries({ symbol, widthMs, source, candles }, { gaps: gaps === 'split' ? 'split' : 'keep' })
}
