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

/** Bits of numbers, for comparisons that tell 0 from -0 and find NaN equal to NaN. */
export function bits(values: Float64Array): BigUint64Array {
  return new BigUint64Array(values.map((x) => (Number.isNaN(x) ? NaN : x)).buffer)
}
