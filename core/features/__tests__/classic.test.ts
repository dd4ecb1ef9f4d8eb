/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the library's functions read plain objects, as its documentation shows */
import { expect, test } from '@jest/globals'
import * as oracle from 'technicalindicators'
import { computeFeatures } from '../compute-features.ts'
import { featureSet } from '../feature-sets.ts'
import { randomCandles } from './random-candles.ts'
import { fixture, readCandles } from './golden-tables.ts'
import { seriesOf } from './series.ts'

const series = seriesOf(readCandles(fixture).slice(0, 600))
const table = computeFeatures(series, featureSet('classic'))
const [open, high, low, close, volume] = [series.open, series.high, series.low, series.close, series.volume].map(
  (column) => [...column],
) as [number[], number[], number[], number[], number[]]
const bars = { open, high, low, close, volume }

test.each<[string, number[], number]>([
  ['rsi_14', oracle.RSI.calculate({ period: 14, values: close }), 0.005],
  ['stochastic_k_14', oracle.Stochastic.calculate({ period: 14, signalPeriod: 3, ...bars }).map((row) => row.k), 1e-9],
  [
    'stochastic_d_14',
    oracle.Stochastic.calculate({ period: 14, signalPeriod: 3, ...bars })
      .slice(2)
      .map((row) => row.d),
    1e-9,
  ],
  ['williams_r_14', oracle.WilliamsR.calculate({ period: 14, ...bars }), 1e-9],
  ['cci_20', oracle.CCI.calculate({ period: 20, ...bars }), 1e-6],
  ['atr_14_rel', oracle.ATR.calculate({ period: 14, ...bars }).map((x, i) => x / close[i + 14]!), 1e-12],
  ['adx_14', oracle.ADX.calculate({ period: 14, ...bars }).map((row) => row.adx), 1e-9],
  ['plus_di_14', oracle.ADX.calculate({ period: 14, ...bars }).map((row) => row.pdi), 1e-9],
  ['minus_di_14', oracle.ADX.calculate({ period: 14, ...bars }).map((row) => row.mdi), 1e-9],
  ['mfi_14', oracle.MFI.calculate({ period: 14, ...bars }), 0.005],
  [
    'bollinger_percent_b_20',
    oracle.BollingerBands.calculate({ period: 20, values: close, stdDev: 2 }).map((row) => row.pb),
    1e-9,
  ],
  [
    'bollinger_width_20',
    oracle.BollingerBands.calculate({ period: 20, values: close, stdDev: 2 }).map(
      (row) => (row.upper - row.lower) / row.middle,
    ),
    1e-12,
  ],
])('%s equals the indicator library', (name, expected, tolerance) => {
  const actual = table.column(name).subarray(series.rows - expected.length)
  expect(expected.length).toBeGreaterThan(550)
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(tolerance)
  })
})

test('the Ichimoku distances equal the indicator library, the cloud displaced by 26 rows', () => {
  const lines = oracle.IchimokuCloud.calculate({
    ...bars,
    conversionPeriod: 9,
    basePeriod: 26,
    spanPeriod: 52,
    displacement: 26,
  })
  lines.forEach((line, i) => {
    const t = i + 51
    const above = (price: number, row: number) => (close[row]! - price) / close[row]!
    expect(table.column('ichimoku_conversion_distance')[t]).toBeCloseTo(above(line.conversion, t), 12)
    expect(table.column('ichimoku_base_distance')[t]).toBeCloseTo(above(line.base, t), 12)
    if (t + 26 >= series.rows) return
    expect(table.column('ichimoku_span_a_distance')[t + 26]).toBeCloseTo(above(line.spanA, t + 26), 12)
    expect(table.column('ichimoku_span_b_distance')[t + 26]).toBeCloseTo(above(line.spanB, t + 26), 12)
  })
})

test('the VWAP starts afresh each UTC day and equals the indicator library within it', () => {
  const days = [...series.openTime].map((openTime) => new Date(openTime).toISOString().slice(0, 10))
  for (const day of ['2020-01-01', '2020-02-19', '2020-04-01']) {
    const start = days.indexOf(day)
    const slice = (column: number[]) => column.slice(start, days.lastIndexOf(day) + 1)
    const prices = oracle.VWAP.calculate({
      high: slice(high),
      low: slice(low),
      close: slice(close),
      volume: slice(volume),
    })
    prices.forEach((price, i) => {
      const last = close[start + i]!
      expect(table.column('vwap_distance')[start + i]).toBeCloseTo((last - price) / last, 12)
    })
  }
})

test("the slope of on-balance volume is that of the library's balance over mean volume", () => {
  const balance = oracle.OBV.calculate({ close, volume })
  // The library starts at row 1.
  const t = 300
  const y = balance.slice(t - 20, t)
  const x = y.map((_, i) => i - 9.5)
  const slope = y.reduce((sum, value, i) => sum + value * x[i]!, 0) / x.reduce((sum, value) => sum + value * value, 0)
  const mean = volume.slice(t - 19, t + 1).reduce((a, b) => a + b) / 20
  expect(table.column('obv_slope_20')[t]).toBeCloseTo(slope / mean, 9)
})

test('hour and weekday are those of the open in UTC', () => {
  const opened = new Date(series.openTime[100]!)
  expect(table.column('hour')[100]).toBe(opened.getUTCHours())
  expect(table.column('weekday')[100]).toBe((opened.getUTCDay() + 6) % 7)
})

test('a market that stands still gives the middle of every scale, never NaN', () => {
  const still = randomCandles(1, 120).map((candle) => ({
    openTime: candle.openTime,
    ...{ open: 5.1, high: 5.1, low: 5.1, close: 5.1, volume: 0 },
  }))
  const flat = computeFeatures(seriesOf(still), featureSet('classic'))
  const last = (name: string) => flat.column(name)[119]
  expect(['rsi_14', 'stochastic_k_14', 'williams_r_14', 'cci_20'].map(last)).toEqual([50, 50, -50, 0])
  expect(['atr_14_rel', 'adx_14', 'plus_di_14', 'bollinger_percent_b_20'].map(last)).toEqual([0, 0, 0, 0.5])
  expect(['mfi_14', 'obv_slope_20', 'vwap_distance', 'ichimoku_base_distance'].map(last)).toEqual([50, 0, 0, 0])
})

test('the set all is reference and classic, one after the other', () => {
  const all = computeFeatures(series, featureSet('all'))
  expect(all.columns).toEqual([...featureSet('reference').columns, ...featureSet('classic').columns])
  expect(all.column('cci_20')).toEqual(table.column('cci_20'))
})
