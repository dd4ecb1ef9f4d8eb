import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { formatTime, makeSeries, type Candle, type CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { openCandleSource } from '#platform/market-data'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candle-files-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const start = Date.UTC(2020, 0, 1)
const candles: Candle[] = Array.from({ length: 40 }, (_, i) => ({
  openTime: start + i * 14_400_000,
  open: 7000.25 + i,
  high: 7010.5 + i,
  low: 6990.125 + i,
  close: 7001 + i,
  volume: 0.1 * i,
}))
const expected = makeSeries({ symbol: 'candles', source: 'x', candles }, { gaps: 'keep' })

const objects = candles.map(({ openTime, open, high, low, close, volume }) => ({
  TimeKey: formatTime(openTime),
  Open: open,
  High: high,
  Low: low,
  Close: close,
  Volume: volume,
}))
const rows = candles.map(({ openTime, open, high, low, close, volume }) => [openTime, open, high, low, close, volume])

function csv(header: string, time: (ms: number) => string | number, separator = ','): string {
  const lines = candles.map((c) => [time(c.openTime), c.open, c.high, c.low, c.close, c.volume].join(separator))
  return [header, ...lines, ''].join('\n')
}

async function open(name: string, content: string | Uint8Array): Promise<CandleSeries> {
  const path = join(folder, name)
  await writeFile(path, content)
  return openCandleSource(path, { home: folder })
}

async function refusal(name: string, content: string | Uint8Array): Promise<BullpenError> {
  try {
    await open(name, content)
  } catch (error) {
    if (error instanceof BullpenError) return error
    throw error
  }
  throw new Error(`${name} was accepted`)
}

function parquet(times: unknown[], type: 'TIMESTAMP' | 'STRING' | 'INT64'): Uint8Array {
  const column = (name: keyof Candle): number[] => candles.map((candle) => candle[name])
  const columnData = [
    { name: 'timestamp', data: times, type },
    ...(['open', 'high', 'low', 'close', 'volume'] as const).map((name) => ({
      name,
      data: column(name),
      type: 'DOUBLE' as const,
    })),
  ]
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 16 }))
}

const times = candles.map(({ openTime }) => openTime)
const files: Record<string, () => string | Uint8Array> = {
  'candles.json': () => JSON.stringify(objects),
  'candles.json.gz': () => gzipSync(JSON.stringify(rows)),
  'candles.csv': () => csv('TimeKey,Open,High,Low,Close,Volume', formatTime),
  'candles.csv.gz': () => gzipSync(csv('"Open time","o","h","l","c","v"', (ms) => `"${formatTime(ms)}"`)),
  'candles.parquet': () =>
    parquet(
      times.map((ms) => new Date(ms)),
      'TIMESTAMP',
    ),
  'candles.parquet.gz': () => gzipSync(parquet(times.map(formatTime), 'STRING')),
}

test.each(Object.keys(files))('%s holds the same series as every other form', async (name) => {
  expect(await open(name, files[name]!())).toEqual(expected)
})

test('headers and times are read in the usual spellings', async () => {
  expect(
    await open(
      'candles.csv',
      csv('\uFEFFtimestamp;o;h;l;c;v', (ms) => ms / 1000, ';'),
    ),
  ).toEqual(expected)
  expect(
    await open(
      'candles.csv',
      csv('open_time\tOPEN\tHigh\tlow\tclose\tVol', (ms) => ms, '\t'),
    ),
  ).toEqual(expected)
  const crlf = csv('date,open,high,low,close,volume', (ms) => formatTime(ms).replace('T', ' ').replace('Z', ''))
  expect(await open('candles.csv', crlf.replaceAll('\n', '\r\n'))).toEqual(expected)
  expect(
    await open(
      'candles.parquet',
      parquet(
        times.map((ms) => BigInt(ms) * 1000n),
        'INT64',
      ),
    ),
  ).toEqual(expected)
  const quoted = objects.map((object) => ({ ...object, Close: String(object.Close) }))
  expect(await open('candles.json', JSON.stringify(quoted))).toEqual(expected)
})

test('symbol, since and width are as asked for', async () => {
  await open('candles.json', JSON.stringify(rows))
  const options = { home: folder, symbol: 'BTC/USDT', since: start + 86_400_000, timeframe: '1d' }
  const series = await openCandleSource(join(folder, 'candles.json'), options)
  expect(series).toMatchObject({ symbol: 'BTC/USDT', widthMs: 86_400_000, rows: 6 })
  expect(series.openTime[0]).toBe(start + 86_400_000)
})

test('a file that is not there and a file of nothing are told apart', async () => {
  await expect(openCandleSource(join(folder, 'none.csv'), { home: folder })).rejects.toThrow('no candles at')
  for (const name of ['empty.json', 'empty.csv', 'empty.parquet', 'empty.json.gz']) {
    expect(await refusal(name, '')).toMatchObject({ code: 'CANDLES_EMPTY' })
  }
  expect(await refusal('empty.json', '[]')).toMatchObject({ code: 'CANDLES_EMPTY' })
  expect(await refusal('empty.csv', 'time,open,high,low,close,volume\n')).toMatchObject({ code: 'CANDLES_EMPTY' })
  expect(await refusal('empty.json.gz', gzipSync(''))).toMatchObject({ code: 'CANDLES_EMPTY' })
})

test('a truncated or damaged file is named with the row it reaches', async () => {
  const json = JSON.stringify(objects)
  const cut = json.slice(0, json.indexOf('"Close"', json.indexOf(objects[12]!.TimeKey)))
  const damaged = { code: 'CANDLES_FILE_CORRUPT' }
  expect(await refusal('cut.json', cut)).toMatchObject({ ...damaged, details: { row: 13 } })
  expect(await refusal('bad.json', json.replace(`"TimeKey":"${objects[4]!.TimeKey}"`, '?'))).toMatchObject({
    ...damaged,
    details: { row: 5 },
  })
  const lines = csv('time,open,high,low,close,volume', (ms) => ms).split('\n')
  const shortLine = [...lines.slice(0, 20), '1577952000000,70'].join('\n')
  expect(await refusal('cut.csv', shortLine)).toMatchObject({ ...damaged, details: { row: 21 } })
  const gz = gzipSync(json)
  expect(await refusal('cut.json.gz', gz.subarray(0, gz.length - 20))).toMatchObject(damaged)
  expect(await refusal('plain.csv.gz', lines.join('\n'))).toMatchObject({ ...damaged, details: { row: 1 } })
  const whole = parquet(times.map(BigInt), 'INT64')
  expect(await refusal('cut.parquet', whole.subarray(0, whole.length - 9))).toMatchObject(damaged)
  expect(await refusal('text.parquet', 'time,open')).toMatchObject(damaged)
})

test('a missing column, key or value is named with its row', async () => {
  const without = objects.map((object) => ({ ...object, TimeKey: undefined }))
  expect(await refusal('a.json', JSON.stringify(without))).toMatchObject({
    code: 'CANDLES_COLUMN_MISSING',
    details: { row: 1, column: 'TimeKey', value: 'Open, High, Low, Close, Volume' },
  })
  const oneWithout = objects.map((object, i) => (i === 7 ? without[7] : object))
  expect(await refusal('a.json', JSON.stringify(oneWithout))).toMatchObject({
    code: 'CANDLE_TIME',
    details: { row: 8, value: 'undefined' },
  })
  const oneNull = rows.map((row, i) => (i === 3 ? row.with(4, null as unknown as number) : row))
  expect(await refusal('a.json', JSON.stringify(oneNull))).toMatchObject({
    code: 'CANDLE_NOT_NUMBER',
    details: { row: 4, column: 'close', value: 'null' },
  })
  const text = csv('time,open,high,low,close,volume', (ms) => ms)
  expect(await refusal('a.csv', text.replace('7010.25', 'n/a'))).toMatchObject({
    code: 'CANDLE_NOT_NUMBER',
    details: { row: 12, column: 'open', value: 'n/a' },
  })
  expect(await refusal('a.csv', text.replace('7010.25', ''))).toMatchObject({ details: { row: 12, value: 'empty' } })
  expect(await refusal('a.csv', text.replace('7010.25', 'NaN'))).toMatchObject({
    code: 'CANDLE_NOT_FINITE',
    details: { row: 12, column: 'open', value: 'NaN' },
  })
})

test('an epoch time in another unit than the first is refused, not read as 1970', async () => {
  const mixed = objects.map((object, i) => ({ ...object, TimeKey: i === 5 ? times[5]! / 1000 : times[i] }))
  expect(await refusal('a.json', JSON.stringify(mixed))).toMatchObject({ code: 'CANDLE_TIME', details: { row: 6 } })
})

test('JSON that is no array of bars says what was found', async () => {
  expect((await refusal('a.json', '{"candles":[]}')).message).toContain('an array of candles is expected, found {"ca')
  expect((await refusal('a.json', '[1,2]')).message).toContain('[ms, open, high, low, close, volume] is expected')
  expect((await refusal('a.json', JSON.stringify([...objects, null]))).message).toContain('row 41')
})
