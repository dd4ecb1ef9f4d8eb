import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { SeriesInput } from '#core/candles'
import { BullpenError } from '#core/errors'
import { readCsv } from './read-csv.ts'
import { readJson, wholeJsonRows, type ReadCandles } from './read-json.ts'
import type { CandleSource, FileFormat } from './source-grammar.ts'

/**
 * The bars of a file, named after it unless `symbol` is given. Throws CANDLES_NOT_FOUND, CANDLES_EMPTY,
 * CANDLES_FILE_CORRUPT and what the reader of its format throws.
 */
export async function readCandleFile(
  { path, format, gzip }: Extract<CandleSource, { kind: 'file' }>,
  symbol = basename(path).replace(/\.(json|csv|parquet)(\.gz)?$/i, ''),
): Promise<SeriesInput> {
  const stored = await readBytes(path)
  if (stored.length === 0) throw new BullpenError('CANDLES_EMPTY', { source: path })
  const bytes = gzip ? await gunzip(stored, path, format) : stored
  const { columns, rowOf } = await readBars(bytes, path, format)
  return { symbol, source: path, candles: columns, rowOf }
}

async function readBars(bytes: Buffer, path: string, format: FileFormat): Promise<ReadCandles> {
  // Loaded only for such a file: the packages behind it are larger than those of a whole command.
  if (format === 'parquet') return (await import('./read-parquet.ts')).readParquet(bytes, path)
  const text = bytes.toString('utf8')
  return format === 'json' ? readJson(text, path) : readCsv(text, path)
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new BullpenError('CANDLES_NOT_FOUND', { source: path })
    const reason = error instanceof Error ? error.message : String(error)
    throw new BullpenError('CANDLES_FILE_CORRUPT', { source: path, row: 1, reason }, { cause: error })
  }
}

/** Unpacked chunk by chunk, so that damage can be named by the row it reaches. */
async function gunzip(stored: Buffer, source: string, format: FileFormat): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of Readable.from([stored]).pipe(createGunzip())) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  } catch (error) {
    const text = format === 'parquet' ? '' : Buffer.concat(chunks).toString('utf8')
    const row = format === 'csv' ? text.split('\n').length : wholeJsonRows(text) + 1
    const reason = `gzip: ${error instanceof Error ? error.message : String(error)}`
    throw new BullpenError('CANDLES_FILE_CORRUPT', { source, row, reason }, { cause: error })
  }
}
