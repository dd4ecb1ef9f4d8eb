import { formatTime } from '#core/candles'
import type { Table } from './table.ts'

/** Rows turned to text at a time: 256 rows of 246 columns are about 1 MB. */
const blockRows = 256

const zero = '0'.charCodeAt(0)
const point = '.'.charCodeAt(0)

/** The table as CSV text, header first, a block of rows at a time. */
export function* csvChunks({ openTime, columns }: Table): Generator<string> {
  yield `${['TimeKey', ...columns.map((column) => column.name)].join(',')}\n`
  for (let start = 0; start < openTime.length; start += blockRows) {
    let text = ''
    for (let t = start; t < Math.min(start + blockRows, openTime.length); t++) {
      text += formatTime(openTime[t]!)
      for (const { values } of columns) text += `,${formatNumber(values[t]!)}`
      text += '\n'
    }
    yield text
  }
}

/**
 * Up to 15 significant digits, which every decimal of that length keeps through a double and back; empty for NaN.
 * Cutting the zeros off by hand takes 0.18 microseconds a value, `String(Number(digits))` 0.52 for the same text.
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return ''
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value)
  const digits = value.toPrecision(15)
  if (digits.includes('e') || !digits.includes('.')) return String(Number(digits))
  let end = digits.length
  while (digits.charCodeAt(end - 1) === zero) end--
  return digits.slice(0, digits.charCodeAt(end - 1) === point ? end - 1 : end)
}
