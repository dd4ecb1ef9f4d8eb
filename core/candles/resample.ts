import { BullpenError } from '#core/errors'
import { modulo } from './bar-width.ts'
import type { CandleSeries, GapPolicy } from './candle.ts'
import { foldBars, type VolumeSum } from './fold-bars.ts'
import { makeSeries } from './make-series.ts'
import { formatTimeframe } from './time.ts'

/**
 * A series of wider bars on the grid floor(open time / width), see {@link foldBars}. Gaps are those of the wider grid.
 * Throws CANDLES_RESAMPLE when the width is not a multiple of the series' own, or when its bars do not start on the
 * grid of their own width (a bar would then lie across two wider ones); CANDLES_GAPS as {@link makeSeries}.
 */
export function resample(
  series: CandleSeries,
  widthMs: number,
  options: VolumeSum & { readonly gaps: GapPolicy },
): CandleSeries {
  const [from, to] = [formatTimeframe(series.widthMs), formatTimeframe(widthMs)]
  const refuse = (reason: string): BullpenError => new BullpenError('CANDLES_RESAMPLE', { from, to, reason })
  if (modulo(widthMs, series.widthMs) !== 0) throw refuse(`${to} is not a multiple of ${from}`)
  if (modulo(series.openTime[0]!, series.widthMs) !== 0) throw refuse(`the bars do not open on whole ${from} of UTC`)
  const { symbol, duplicatesDropped } = series
  const candles = foldBars(series, widthMs, options)
  return { ...makeSeries({ symbol, source: symbol, widthMs, candles }, options), duplicatesDropped }
}
