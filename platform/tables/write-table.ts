import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { csvChunks } from './csv.ts'
import { writeParquet } from './parquet.ts'
import { tableFormatOf, type Table } from './table.ts'
import { writeAtomically } from './write-atomically.ts'

/**
 * Writes a table as `.csv`, `.csv.gz` or `.parquet`, by the ending of `path`. CSV numbers have up to 15 significant
 * digits and NaN is an empty field; Parquet holds doubles whole and NaN as null. `TimeKey` is ISO 8601 UTC text in
 * each. Rows are written in blocks, so memory beyond the table stays in the tens of MB. The file appears whole or not
 * at all and replaces one that is there. Throws USAGE for another ending or a place that cannot be written, DISK_FULL.
 */
export async function writeTable(path: string, table: Table): Promise<void> {
  const format = tableFormatOf(path)
  await writeAtomically(path, async (file) => {
    if (format === 'parquet') {
      writeParquet(file, table)
      return
    }
    const sink = createWriteStream(file, { flags: 'wx', flush: true })
    const chunks = Readable.from(csvChunks(table), { objectMode: true })
    if (format === 'csv') await pipeline(chunks, sink)
    else await pipeline(chunks, createGzip(), sink)
    if (!sink.closed) await once(sink, 'close')
  })
}
