import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { formatNumber } from '../csv.ts'
import type { Table } from '../table.ts'
import { writeTable } from '../write-table.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tables-'))
})
afterEach(() => rm(folder, { recursive: true }))

const table: Table = {
  openTime: Float64Array.of(1_577_836_800_000, 1_577_851_200_000, 1_577_851_200_001),
  columns: [
    { name: 'ratio', values: Float64Array.of(1 / 3, NaN, -0), kind: 'float' },
    { name: 'target_new', values: Int8Array.of(-1, 0, 1), kind: 'integer' },
  ],
}
const csv = `TimeKey,ratio,target_new
2020-01-01T00:00:00Z,0.333333333333333,-1
2020-01-01T04:00:00Z,,0
2020-01-01T04:00:00.001Z,0,1
`

test('a csv has ISO times, 15 digits and empty fields', async () => {
  await writeTable(join(folder, 'a.csv'), table)
  expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe(csv)
  expect(readdirSync(folder)).toEqual(['a.csv'])
})

test('a csv.gz is the same, compressed', async () => {
  await writeTable(join(folder, 'a.csv.gz'), table)
  expect(gunzipSync(readFileSync(join(folder, 'a.csv.gz'))).toString()).toBe(csv)
})

test('a parquet file holds whole doubles, integers and nulls', async () => {
  await writeTable(join(folder, 'a.parquet'), table)
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(folder, 'a.parquet')) })
  expect(rows).toEqual([
    { TimeKey: '2020-01-01T00:00:00Z', ratio: 1 / 3, target_new: -1 },
    { TimeKey: '2020-01-01T04:00:00Z', ratio: null, target_new: 0 },
    { TimeKey: '2020-01-01T04:00:00.001Z', ratio: -0, target_new: 1 },
  ])
})

test.each(['a.csv', 'a.csv.gz', 'a.parquet'])('%s of many blocks holds every row in order', async (name) => {
  const rows = 20_000
  const values = Float64Array.from({ length: rows }, (_, t) => t + 0.5)
  const path = join(folder, name)
  await writeTable(path, { openTime: values.map((x) => x * 2), columns: [{ name: 'x', values, kind: 'float' }] })
  expect(await columnX(path)).toEqual([...values])
})

test('numbers keep 15 digits through text', () => {
  for (const x of [0.1 + 0.2, 1e-7 / 3, 2.9999999999999996, -1e300 / 7, 123456789012345.6, 1e21, Infinity]) {
    expect(formatNumber(x)).toBe(String(Number(x.toPrecision(15))))
  }
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      expect(formatNumber(x)).toBe(String(Number(x.toPrecision(15))))
      expect(
        formatNumber(x)
          .replace(/e.*$|[-.]/g, '')
          .replace(/^0+|0+$/g, '').length,
      ).toBeLessThanOrEqual(15)
    }),
    { seed: 1 },
  )
})

test('an unknown ending is refused before anything is written', async () => {
  await expect(writeTable(join(folder, 'a.txt'), table)).rejects.toMatchObject({ code: 'USAGE' })
  expect(readdirSync(folder)).toEqual([])
})

test.each(['taken/a.csv', 'taken/a.parquet'])('%s under a file is refused, and the file stays', async (name) => {
  writeFileSync(join(folder, 'taken'), 'old')
  await expect(writeTable(join(folder, name), table)).rejects.toMatchObject({ code: 'USAGE' })
  expect(readFileSync(join(folder, 'taken'), 'utf8')).toBe('old')
})

test.each(['a.csv', 'a.csv.gz', 'a.parquet'])('a %s whose values fail half-way leaves nothing', async (name) => {
  const values = new Proxy(new Float64Array(20_000), {
    get: (target, key) => {
      if (key === '15000') throw new Error('half-way')
      return Reflect.get(target, key) as unknown
    },
  })
  const broken = { openTime: new Float64Array(20_000), columns: [{ name: 'x', values, kind: 'float' as const }] }
  await expect(writeTable(join(folder, name), broken)).rejects.toThrow('half-way')
  expect(readdirSync(folder)).toEqual([])
})

async function columnX(path: string): Promise<number[]> {
  if (path.endsWith('.parquet')) {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) })
    return rows.map((row) => row.x as number)
  }
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[1]))
}
