import { formatTime } from '#core/candles'
import type { Table } from './table.ts'

/** Rows turned to text at a time: 256 rows of 246 columns are about 1 MB. */
const blockRows = 256

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

/** Up to 15 significant digits, which every double keeps through text and back; empty for NaN. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return ''
  return String(Number.isInteger(value) && Math.abs(value) < 1e15 ? value : Number(value.toPrecision(15)))
}
