import { makeSeries, type Candle, type CandleSeries } from '#core/candles'

/** A series of 4-hour candles. */
export function seriesOf(candles: readonly Candle[]): CandleSeries {
  return makeSeries({ symbol: 'BTC/USDT', source: 'test', widthMs: 14_400_000, candles }, { gaps: 'keep' })
}

/** Where two runs of numbers first differ in their bits, -1 when nowhere: 0 is not -0, NaN is NaN. */
export function firstDifference(a: Float64Array, b: Float64Array): number {
  return a.findIndex((value, i) => !Object.is(value, b[i]))
}
