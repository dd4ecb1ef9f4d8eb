import { candleFields, emptyColumns, type CandleColumns, type CandleField } from '#core/candles'
import { BullpenError } from '#core/errors'
import { numberCell, shown, timeReader } from './cells.ts'
import { mapColumns } from './column-names.ts'

/** Bars as a reader found them, and the row number a person would look for. */
export interface ReadCandles {
  readonly columns: CandleColumns
  readonly rowOf: (index: number) => number
}

/**
 * A JSON array of `{TimeKey, Open, High, Low, Close, Volume}` (see mapColumns for other names) or of ccxt rows
 * `[ms, open, high, low, close, volume]`. Throws CANDLES_FILE_CORRUPT, CANDLES_COLUMN_MISSING, CANDLE_NOT_NUMBER and
 * CANDLE_TIME. Rows count from 1.
 */
export function readJson(text: string, source: string): ReadCandles {
  return readCandleRows(parse(text, source), source)
}

/** As {@link readJson}, of an array that has been parsed. */
export function readCandleRows(rows: readonly unknown[], source: string): ReadCandles {
  const columns = emptyColumns(rows.length)
  const readTime = timeReader()
  const keys = isRecord(rows[0]) && !Array.isArray(rows[0]) ? keysOf(rows[0], source) : null
  rows.forEach((row, index) => {
    const cells = keys ? row : requireCcxtRow(row, source, index + 1)
    if (!isRecord(cells)) throw corrupt(source, index + 1, `an object is expected, found ${shown(row)}`)
    candleFields.forEach((field, place) => {
      const key = keys ? keys[field] : String(place)
      const read = field === 'openTime' ? readTime : numberCell
      columns[field][index] = read(cells[key], source, index + 1, keys ? key : field)
    })
  })
  return { columns, rowOf: (index) => index + 1 }
}

/** Whole rows in a text that ends early, counted by the brackets that close inside the outer one. */
export function wholeJsonRows(text: string): number {
  let [depth, rows, inString] = [0, 0, false]
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (inString) {
      if (char === '\\') i++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') depth++
    else if ((char === '}' || char === ']') && --depth === 1) rows++
  }
  return rows
}

function parse(text: string, source: string): readonly unknown[] {
  if (text.trim() === '') throw new BullpenError('CANDLES_EMPTY', { source })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const position = /position (\d+)/.exec(reason)?.[1]
    throw corrupt(source, wholeJsonRows(text.slice(0, position ? Number(position) : undefined)) + 1, reason)
  }
  if (Array.isArray(value)) return value
  throw corrupt(source, 1, `an array of candles is expected, found ${shown(value)}`)
}

function keysOf(row: Record<string, unknown>, source: string): Record<CandleField, string> {
  const header = Object.keys(row)
  const places = mapColumns(header, source, 1)
  return Object.fromEntries(candleFields.map((field) => [field, header[places[field]]])) as Record<CandleField, string>
}

function requireCcxtRow(row: unknown, source: string, number: number): unknown {
  if (Array.isArray(row) && row.length >= candleFields.length) return row
  throw corrupt(source, number, `[ms, open, high, low, close, volume] is expected, found ${shown(row)}`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function corrupt(source: string, row: number, reason: string): BullpenError {
  return new BullpenError('CANDLES_FILE_CORRUPT', { source, row, reason })
}
