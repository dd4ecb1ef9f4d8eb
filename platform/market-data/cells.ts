import { parseTime } from '#core/candles'
import { BullpenError } from '#core/errors'

/** Reads one cell; `source`, `row` and `column` say where it lies, should it be refused. */
export type CellReader = (value: unknown, source: string, row: number, column: string) => number

const decimal = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i
const notFinite = /^\s*([+-]?)(nan|inf|infinity)\s*$/i

/**
 * The number in a cell: a number, a bigint or a decimal text, as exchanges quote them. Texts that stand for NaN or
 * infinity become that, for the series check to refuse. Throws CANDLE_NOT_NUMBER for anything else, empty included.
 */
export function numberCell(value: unknown, source: string, row: number, column: string): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string') {
    if (decimal.test(value)) return Number(value)
    const word = notFinite.exec(value)
    if (word) return word[2]?.toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity
  }
  throw new BullpenError('CANDLE_NOT_NUMBER', { source, row, column, value: shown(value) })
}

/** Epoch units by the size of a number: each covers 1973 to beyond 5000, and none overlaps the next. */
const epochUnits = [
  { from: 1e8, to: 1e11, perMs: 1e-3 },
  { from: 1e11, to: 1e14, perMs: 1 },
  { from: 1e14, to: 1e17, perMs: 1e3 },
  { from: 1e17, to: 1e20, perMs: 1e6 },
] as const

/**
 * Reads the times of one file to ms: dates, ISO 8601 texts, or epoch numbers in s, ms, us or ns. The first epoch number
 * decides the unit of all: one in another unit is damage, not a bar of 1970. The reader throws CANDLE_TIME.
 */
export function timeReader(): CellReader {
  let unit: (typeof epochUnits)[number] | undefined
  return (value, source, row, column) => {
    const epoch = epochNumber(value)
    if (epoch !== null) {
      unit ??= epochUnits.find(({ from, to }) => epoch >= from && epoch < to)
      if (unit && epoch >= unit.from && epoch < unit.to) return epoch / unit.perMs
    }
    const ms = value instanceof Date ? value.getTime() : typeof value === 'string' ? parseTime(value) : null
    if (ms !== null && !Number.isNaN(ms)) return ms
    throw new BullpenError('CANDLE_TIME', { source, row, column, value: shown(value) })
  }
}

function epochNumber(value: unknown): number | null {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  return typeof value === 'string' && decimal.test(value) ? Number(value) : null
}

/** A value in an error message: JSON where there is any, never more than a line. */
export function shown(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'undefined') return String(value)
  if (typeof value === 'string') return value.trim() === '' ? 'empty' : value.slice(0, 80)
  return JSON.stringify(value).slice(0, 80)
}
