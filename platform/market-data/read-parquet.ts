import { parquetMetadataAsync, parquetReadObjects, parquetSchema, type AsyncBuffer, type FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { candleFields, emptyColumns } from '#core/candles'
import { BullpenError } from '#core/errors'
import { numberCell, timeReader } from './cells.ts'
import { mapColumns } from './column-names.ts'
import type { ReadCandles } from './read-json.ts'

/**
 * A Parquet file of any compression, its columns named as in the other formats. Read one row group at a time, so that
 * damage is named by the first row of its group. Rows count from 1. Throws CANDLES_FILE_CORRUPT,
 * CANDLES_COLUMN_MISSING, CANDLE_NOT_NUMBER and CANDLE_TIME.
 */
export async function readParquet(bytes: Uint8Array, source: string): Promise<ReadCandles> {
  const file: AsyncBuffer = {
    byteLength: bytes.byteLength,
    slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
  }
  const metadata = await named(source, 1, () => parquetMetadataAsync(file))
  const header = parquetSchema(metadata).children.map(({ element }) => element.name)
  const places = mapColumns(header, source, 1)
  const names = candleFields.map((field) => header[places[field]]!)
  const columns = emptyColumns(Number(metadata.num_rows))
  const readTime = timeReader()
  let rows = 0
  for (const { start, end } of rowGroups(metadata)) {
    const group = await named(source, start + 1, () =>
      parquetReadObjects({ file, metadata, compressors, columns: names, rowStart: start, rowEnd: end }),
    )
    for (const row of group) {
      candleFields.forEach((field, place) => {
        const column = names[place]!
        const read = field === 'openTime' ? readTime : numberCell
        columns[field][rows] = read(row[column], source, rows + 1, column)
      })
      rows++
    }
  }
  if (rows !== columns.openTime.length) {
    const reason = `it holds ${rows} rows and promises ${columns.openTime.length}`
    throw new BullpenError('CANDLES_FILE_CORRUPT', { source, row: rows + 1, reason })
  }
  return { columns, rowOf: (index) => index + 1 }
}

function rowGroups(metadata: FileMetaData): { start: number; end: number }[] {
  let end = 0
  return metadata.row_groups.map(({ num_rows }) => {
    const start = end
    end += Number(num_rows)
    return { start, end }
  })
}

async function named<T>(source: string, row: number, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new BullpenError('CANDLES_FILE_CORRUPT', { source, row, reason }, { cause: error })
  }
}
