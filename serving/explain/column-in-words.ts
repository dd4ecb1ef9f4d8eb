/** What a column of a feature set says of the candle, in words: the value, what it is of, and which way it points. */
export function columnInWords(column: string, value: number): string {
  for (const [pattern, say] of phrases) {
    const match = pattern.exec(column)
    if (match)
      return Number.isNaN(value)
        ? `${column} is unknown`
        : say(
            value,
            match.slice(1).map((part) => part ?? ''),
          )
  }
  return `${column} is ${plain(value)}`
}

type Phrase = readonly [pattern: RegExp, say: (value: number, parts: readonly string[]) => string]

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const ichimokuLines: Readonly<Record<string, string>> = {
  conversion: 'conversion line',
  base: 'base line',
  span_a: 'leading span A',
  span_b: 'leading span B',
}

/** Patterns of column names, the first that matches speaks. What each column is: core/features. */
const phrases: readonly Phrase[] = [
  // Averages over the close, so below 1 means that the close is above.
  [/^(E?)MA(\d+)_REL$/, (x, [e, n]) => `the close is ${beside(1 / x)} ${average(e!, n!)}`],
  [/^(E?)MA(\d+)_REL_shift(\d+)$/, (x, [e, n, k]) => `${ago(k!)} the close was ${beside(1 / x)} ${average(e!, n!)}`],
  [/^(E?)MA(\d+)_REL_shift(\d+)_cross$/, (x, [e, n, k]) => crossed(x, average(e!, n!), ago(k!))],
  [
    /^(E?)MA_gor_(\d+)_REL_cross_all$/,
    (x, [e, k]) => {
      const kind = e === 'E' ? 'exponential averages' : 'averages'
      if (x === 0) return `the close is above as many of its ${kind} as ${ago(k!)}`
      return `the close has ${x > 0 ? 'fallen below' : 'risen above'} ${percent(Math.abs(x))} of its ${kind} on balance, compared with ${ago(k!)}`
    },
  ],
  [/^RSI(\d+)$/, (x, [n]) => `the ${n}-bar RSI of candle bodies is ${plain(x)}`],
  [/^RSI(\d+)_(up|dw)_(\d+)$/, (x, [n, side, at]) => `the ${n}-bar RSI is ${x > 0 ? '' : 'not '}${beyond(side!, at!)}`],
  [
    /^RSI(\d+)_(up|dw)_(\d+)_perman$/,
    (x, [n, side, at]) =>
      x > 0
        ? `the ${n}-bar RSI has been ${beyond(side!, at!)} for ${bars(x)}`
        : `the ${n}-bar RSI is not ${beyond(side!, at!)}`,
  ],
  [
    /^MACDHist_REL(?:_shift(\d+))?$/,
    (x, [k]) => `${then(k!)}the MACD histogram less its signal line is ${plain(x)} of the larger of both`,
  ],
  [/^(MACDHist|AweOs)_corr?(?:_shift(\d+))?$/, (x, [name, k]) => `${then(k!)}${oscillator(name!)} is ${deviations(x)}`],
  [
    /^(MACDHist|AweOs)_corr?_roll_mean3(?:_shift(\d+))?$/,
    (x, [name, k]) => `${then(k!)}the 3-bar mean of ${oscillator(name!)} is ${deviations(x)}`,
  ],
  [
    /^(MACDHist|AweOs)_corr_(\d+)_to_(\d+)$/,
    (x, [name, a, b]) =>
      `from ${bars(Number(b))} ago to ${a === '0' ? 'now' : `${bars(Number(a))} ago`} ${oscillator(name!)} ${moved(x)} by ${deviations(Math.abs(x))}`,
  ],
  [/^std_(\d+)_rel$/, (x, [n]) => `the last ${n} closes spread by ${percent(x)} of the close`],
  [/^ROC200sm$/, (x) => `the price ${moved(x)} by ${percent(Math.abs(x) / 100)} in 200 bars, smoothed`],
  [/^TSI$/, (x) => `the trend strength index is ${plain(x)}`],
  // Named from 0, but counted from the close before (features.md section 7.3).
  [/^Close_0_to_([3-9]|12)$/, (x, [k]) => `the close before was ${beside(x)} the one ${bars(Number(k))} ago`],
  [
    /^Close_(\d+)_to_(\d+)$/,
    (x, [a, b]) =>
      `${a === '0' ? 'the close is' : `the close ${bars(Number(a))} ago was`} ${beside(x)} the one ${bars(Number(b))} ago`,
  ],
  [/^Close_(\d+)_to_MA15$/, (x, [k]) => `the close ${bars(Number(k))} ago was ${beside(x)} the 15-bar average`],
  [
    /^Close_m3_(\d+)_to_MA15$/,
    (x, [k]) =>
      `the 3-bar average${k === '0' ? ' is' : ` of ${bars(Number(k))} ago was`} ${beside(x)} the 15-bar average`,
  ],
  [
    /^Close_coef_nak$/,
    (x) =>
      `the closes before this one ${x === 0 ? 'have no slope' : `${x > 0 ? 'rise' : 'fall'} at ${plain(Math.abs(x))} degrees`}`,
  ],
  [/^level_close_act_w$/, (x) => `the close stands at ${percent(x)} of the range of the last 50 to 100 bars`],
  [/^level_close_old_w$/, (x) => `the close 50 to 100 bars ago stood at ${percent(x)} of the range since`],
  [
    /^step_to_fiba$/,
    (x) =>
      x === 0 ? 'no Fibonacci level is next' : `the next Fibonacci level lies ${beside(x > 0 ? x : -1 / x)} the close`,
  ],
  [/^rsi_(\d+)$/, (x, [n]) => `the ${n}-bar RSI is ${plain(x)}`],
  [/^stochastic_([kd])_(\d+)$/, (x, [line, n]) => `the ${n}-bar stochastic %${line!.toUpperCase()} is ${plain(x)}`],
  [/^williams_r_(\d+)$/, (x, [n]) => `the ${n}-bar Williams %R is ${plain(x)}`],
  [/^cci_(\d+)$/, (x, [n]) => `the ${n}-bar commodity channel index is ${plain(x)}`],
  [/^atr_(\d+)_rel$/, (x, [n]) => `a bar ranges over ${percent(x)} of the close on average of ${n}`],
  [/^adx_(\d+)$/, (x, [n]) => `the ${n}-bar ADX is ${plain(x)}`],
  [
    /^(plus|minus)_di_(\d+)$/,
    (x, [side, n]) => `the ${n}-bar ${side === 'plus' ? 'upward' : 'downward'} movement is ${plain(x)}`,
  ],
  [
    /^bollinger_percent_b_(\d+)$/,
    (x, [n]) => `the close stands at ${percent(x)} of the way up the ${n}-bar Bollinger bands`,
  ],
  [/^bollinger_width_(\d+)$/, (x, [n]) => `the ${n}-bar Bollinger bands are ${percent(x)} wide`],
  [
    /^ichimoku_(.+)_distance$/,
    (x, [line]) => `the close is ${beside(1 / (1 - x))} the Ichimoku ${ichimokuLines[line!] ?? line}`,
  ],
  [/^mfi_(\d+)$/, (x, [n]) => `the ${n}-bar money flow index is ${plain(x)}`],
  [
    /^obv_slope_(\d+)$/,
    (x, [n]) => `on-balance volume ${moved(x)} by ${plain(Math.abs(x))} mean volumes a bar over ${n}`,
  ],
  [/^vwap_distance$/, (x) => `the close is ${beside(1 / (1 - x))} the day's volume-weighted price`],
  [/^hour$/, (x) => `the bar opened at ${String(x).padStart(2, '0')}:00 UTC`],
  [/^weekday$/, (x) => `the bar opened on a ${days[x] ?? x}`],
]

function average(exponential: string, length: string): string {
  return `its ${length}-bar ${exponential === 'E' ? 'exponential ' : ''}average`
}

/** Where something stands beside another of which it is `ratio` times. */
function beside(ratio: number): string {
  return ratio === 1 ? 'level with' : `${percent(Math.abs(ratio - 1))} ${ratio > 1 ? 'above' : 'below'}`
}

/** +1 says that the close was above its average then and no longer is. */
function crossed(cross: number, of: string, since: string): string {
  if (cross === 0) return `the close is on the same side of ${of} as ${since}`
  return `the close has ${cross > 0 ? 'fallen below' : 'risen above'} ${of}, compared with ${since}`
}

function oscillator(name: string): string {
  return name === 'AweOs' ? 'the Awesome oscillator' : 'the MACD histogram'
}

function deviations(x: number): string {
  return `${plain(x)} of its 30-bar deviations`
}

function beyond(side: string, threshold: string): string {
  return `${side === 'up' ? 'above' : 'below'} ${threshold}`
}

function moved(x: number): string {
  return x >= 0 ? 'has risen' : 'has fallen'
}

function bars(count: number): string {
  return count === 1 ? '1 bar' : `${count} bars`
}

function ago(count: string): string {
  return `${bars(Number(count))} ago`
}

function then(count: string): string {
  return count === '' ? '' : `${ago(count)}: `
}

function percent(fraction: number): string {
  return `${plain(fraction * 100)}%`
}

/** Three significant digits, never in powers of ten. */
function plain(x: number): string {
  const text = Math.abs(x) >= 100 ? x.toFixed(0) : x.toPrecision(3)
  return text.includes('e') ? x.toFixed(4) : text
}
