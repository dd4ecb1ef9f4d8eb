import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pathError, writeAtomically } from '#platform/files'
import { csvChunks } from './csv.ts'
import { writeParquet } from './parquet.ts'
import { tableFormatOf, type Table } from './table.ts'

/**
 * Writes a table as `.csv`, `.csv.gz` or `.parquet`, by the ending of `path`. CSV numbers have up to 15 significant
 * digits and NaN is an empty field; Parquet holds doubles whole and NaN as null. `TimeKey` is ISO 8601 UTC text in
 * each. Rows are written in blocks: 100,000 rows of 243 columns took 110 MB beside the table as CSV, 140 as Parquet.
 * The file appears whole or not at all and replaces one that is there; folders are made as needed.
 *
 * @throws USAGE for another ending or a place that cannot be written, DISK_FULL
 */
export async function writeTable(path: string, table: Table): Promise<void> {
  const format = tableFormatOf(path)
  try {
    await writeAtomically(path, async (draft) => {
      if (format === 'parquet') writeParquet(draft, table)
      else await writeCsv(draft, table, format === 'csv.gz')
    })
  } catch (error) {
    throw pathError(error, path)
  }
}

async function writeCsv(draft: string, table: Table, compressed: boolean): Promise<void> {
  const chunks = Readable.from(csvChunks(table))
  const sink = createWriteStream(draft, { flags: 'wx' })
  await (compressed ? pipeline(chunks, createGzip(), sink) : pipeline(chunks, sink))
}
