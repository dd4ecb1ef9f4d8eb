import type { Candle, CandleSeries, Segment } from '#core/candles'

/** A series of these candles, taken as valid. */
export function seriesOf(candles: readonly Candle[], segments?: readonly Segment[]): CandleSeries {
  const column = (key: keyof Candle) => Float64Array.from(candles, (candle) => candle[key])
  return {
    symbol: 'BTC/USDT',
    widthMs: 14_400_000,
    rows: candles.length,
    openTime: column('openTime'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    gaps: [],
    segments: segments ?? [{ start: 0, end: candles.length }],
    duplicatesDropped: 0,
  }
}

/** Where two runs of numbers first differ in their bits, -1 when nowhere: 0 is not -0, NaN is NaN. */
export function firstDifference(a: Float64Array, b: Float64Array): number {
  return a.findIndex((value, i) => !Object.is(value, b[i]))
}
