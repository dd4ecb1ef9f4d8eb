import { candleFields, emptyColumns } from '#core/candles'
import { BullpenError } from '#core/errors'
import { numberCell, timeReader } from './cells.ts'
import { mapColumns } from './column-names.ts'
import type { ReadCandles } from './read-json.ts'

/**
 * A table with a header line, separated by commas, semicolons or tabs, whichever the header has most of. Fields may be
 * quoted but hold no line break. Row numbers are line numbers, the header being line 1. Throws CANDLES_EMPTY,
 * CANDLES_COLUMN_MISSING, CANDLE_NOT_NUMBER, CANDLE_TIME, and CANDLES_FILE_CORRUPT for a line with too few or too many
 * fields. A last line cut inside its last number cannot be told from a shorter number: gzip the file to be sure.
 */
export function readCsv(text: string, source: string): ReadCandles {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const numbers = lines.flatMap((line, index) => (line.trim() === '' ? [] : [index + 1]))
  const headerLine = numbers.shift()
  if (headerLine === undefined) throw new BullpenError('CANDLES_EMPTY', { source })
  const separator = separatorOf(lines[headerLine - 1]!)
  const header = splitLine(lines[headerLine - 1]!, separator)
  const places = mapColumns(header, source, headerLine)
  const columns = emptyColumns(numbers.length)
  const readTime = timeReader()
  numbers.forEach((row, index) => {
    const cells = splitLine(lines[row - 1]!, separator)
    if (cells.length !== header.length) {
      const reason = `${cells.length} fields where the header has ${header.length}`
      throw new BullpenError('CANDLES_FILE_CORRUPT', { source, row, reason })
    }
    for (const field of candleFields) {
      const read = field === 'openTime' ? readTime : numberCell
      columns[field][index] = read(cells[places[field]], source, row, header[places[field]]!)
    }
  })
  return { columns, rowOf: (index) => numbers[index]! }
}

function separatorOf(header: string): string {
  const count = (separator: string): number => header.split(separator).length
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best))
}

function splitLine(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator)
  const cells: string[] = []
  let [cell, quoted] = ['', false]
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (char === '"' && quoted && line[i + 1] === '"') cell += line[++i]!
    else if (char === '"') quoted = !quoted
    else if (char === separator && !quoted) {
      cells.push(cell)
      cell = ''
    } else cell += char
  }
  return [...cells, cell]
}
