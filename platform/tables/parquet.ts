import { fileWriter, ParquetWriter } from 'hyparquet-writer'
import { formatTime } from '#core/candles'
import type { Table, TableColumn } from './table.ts'

/** Rows per row group: the writer wants arrays, and 8,192 rows of 246 columns are 16 MB of them. */
const groupRows = 8192

/** Writes the table to a new file, one row group after the other; snappy, columns optional where NaN can occur. */
export function writeParquet(file: string, { openTime, columns }: Table): void {
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: [
      { name: 'root', num_children: columns.length + 1 },
      { name: 'TimeKey', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      ...columns.map(({ name, kind }) =>
        kind === 'integer'
          ? ({ name, type: 'INT32', repetition_type: 'REQUIRED' } as const)
          : ({ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' } as const),
      ),
    ],
    createdBy: 'bullpen',
  })
  for (let start = 0; start < openTime.length; start += groupRows) {
    const end = Math.min(start + groupRows, openTime.length)
    const times = Array.from(openTime.subarray(start, end), formatTime)
    const group = columns.map((column) => ({ name: column.name, data: definedValues(column, start, end) }))
    void writer.write({ columnData: [{ name: 'TimeKey', data: times }, ...group], rowGroupSize: groupRows })
  }
  void writer.finish()
}

function definedValues({ values }: TableColumn, start: number, end: number): (number | null)[] {
  return Array.from({ length: end - start }, (_, i) => {
    const value = values[start + i]!
    return Number.isNaN(value) ? null : value
  })
}
