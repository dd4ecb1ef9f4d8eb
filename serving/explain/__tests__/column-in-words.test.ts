import { expect, test } from '@jest/globals'
import { featureSet } from '#core/features'
import { columnInWords } from '../column-in-words.ts'

test('every column of every feature set has words of its own', () => {
  const { columns } = featureSet('all')
  const mute = columns.filter((column) => columnInWords(column, 0.5).startsWith(`${column} is`))
  expect(mute).toEqual([])
})

test.each([
  ['MA20_REL', 0.98, 'the close is 2.04% above its 20-bar average'],
  ['EMA50_REL', 1.25, 'the close is 20.0% below its 50-bar exponential average'],
  ['MA5_REL', 1, 'the close is level with its 5-bar average'],
  ['EMA8_REL_shift24_cross', 1, 'the close has fallen below its 8-bar exponential average, compared with 24 bars ago'],
  ['MA5_REL_shift1_cross', 0, 'the close is on the same side of its 5-bar average as 1 bar ago'],
  [
    'MA_gor_6_REL_cross_all',
    -0.3,
    'the close has risen above 30.0% of its averages on balance, compared with 6 bars ago',
  ],
  ['RSI14', 63.21, 'the 14-bar RSI of candle bodies is 63.2'],
  ['RSI14_dw_30', 0, 'the 14-bar RSI is not below 30'],
  ['RSI9_up_70_perman', 3, 'the 9-bar RSI has been above 70 for 3 bars'],
  ['MACDHist_corr_shift3', -1.5, '3 bars ago: the MACD histogram is -1.50 of its 30-bar deviations'],
  [
    'AweOs_corr_0_to_1',
    -0.25,
    'from 1 bar ago to now the Awesome oscillator has fallen by 0.250 of its 30-bar deviations',
  ],
  ['Close_0_to_1', 1.01, 'the close is 1.00% above the one 1 bar ago'],
  ['Close_0_to_12', 1.01, 'the close before was 1.00% above the one 12 bars ago'],
  ['step_to_fiba', -1.25, 'the next Fibonacci level lies 20.0% below the close'],
  ['step_to_fiba', 1.25, 'the next Fibonacci level lies 25.0% above the close'],
  ['ROC200sm', -12.5, 'the price has fallen by 12.5% in 200 bars, smoothed'],
  ['vwap_distance', 0.2, "the close is 25.0% above the day's volume-weighted price"],
  ['weekday', 6, 'the bar opened on a Sunday'],
  ['TSI', NaN, 'TSI is unknown'],
  ['nosuch', 1234.5, 'nosuch is 1235'],
  ['nosuch', 1e-9, 'nosuch is 0.0000'],
])('%s of %d', (column, value, words) => {
  expect(columnInWords(column, value)).toBe(words)
})
