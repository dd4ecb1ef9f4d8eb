/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** A price to cents from 100 up, else to six significant digits; grouped. */
export function price(value: number): string {
  if (value >= 100_000) return count(Math.round(value))
  if (value >= 100) return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return value.toLocaleString('en-US', { maximumSignificantDigits: 6 })
}

/** `37 %`; a share in [0, 1]. */
export function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`
}

/** `+0.0123` or `−0.0123`, with a true minus sign; zero carries none. */
export function signed(value: number, digits = 4): string {
  const text = Math.abs(value).toFixed(digits)
  if (Number(text) === 0) return text
  return `${value > 0 ? '+' : '−'}${text}`
}

/** `+1.3 %`; the value is in percent already. */
export function signedPercent(value: number, digits = 2): string {
  return `${signed(value, digits)} %`
}

/** Scores to four decimals, as the reports of the runs write them. */
export function four(value: number): string {
  return value.toFixed(4)
}

/** A value of a feature or a parameter: four significant digits. */
export function compact(value: number): string {
  const magnitude = Math.abs(value)
  if (magnitude !== 0 && (magnitude >= 1e6 || magnitude < 1e-4)) return value.toExponential(2)
  return Number(value.toPrecision(4)).toLocaleString('en-US', { maximumSignificantDigits: 4 }).replace('-', '−')
}
