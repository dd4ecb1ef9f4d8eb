import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { toCandles } from '#core/candles'
import { openCandleSource } from '#platform/market-data'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'samples-'))
})
afterAll(async () => {
  await rm(home, { recursive: true })
})

const shared = join(process.cwd(), '..', 'shared')
/** The reference's own files lie beside the project, not in it; a clone without them skips what reads them. */
function withShared(name: string, run: () => Promise<void>): void {
  if (existsSync(shared)) test(name, run)
  else test.skip(`${name} (../shared is not here)`, run)
}

test('the sample gives real bars at every width and is cached', async () => {
  const said: string[] = []
  const options = { home, onProgress: (text: string) => said.push(text) }
  const hours = await openCandleSource('sample:btcusdt-1h', options)
  expect(hours).toMatchObject({ symbol: 'BTC/USDT', rows: 8767, widthMs: 3_600_000 })
  expect(said).toEqual(['unpacking the 1-minute candles of sample:btcusdt-1m (once)'])

  const fourHours = await openCandleSource('sample:btcusdt-4h', options)
  expect(fourHours).toMatchObject({ rows: 2195, gaps: [{ missing: 1 }] })
  expect(await openCandleSource('sample:btcusdt-4h', options)).toEqual(fourHours)
  expect((await openCandleSource('sample:btcusdt-1m', options)).rows).toBe(525_785)
  expect(said).toHaveLength(1)
  expect((await readdir(join(home, 'samples'))).sort()).toEqual([
    'btcusdt-1h.v1.columns',
    'btcusdt-1m.v1.columns',
    'btcusdt-4h.v1.columns',
  ])
  await expect(openCandleSource('sample:btcusdt-4h', { ...options, gaps: 'reject' })).rejects.toThrow('1 gap(s)')
}, 240_000)

test('a damaged cache is said so and made anew', async () => {
  const options = { home, onProgress: (text: string) => said.push(text) }
  const said: string[] = []
  const path = join(home, 'samples', 'btcusdt-4h.v1.columns')
  await writeFile(path, 'BPC1')
  expect((await openCandleSource('sample:btcusdt-4h', options)).rows).toBe(2195)
  expect(said).toEqual([`${path} is damaged and is made anew`])
})

withShared('the 4-hour sample equals the golden candles in every digit', async () => {
  const golden = await openCandleSource(join(shared, 'golden', 'btcusdt_2020_4h_candles.json.gz'), { home })
  const sample = await openCandleSource('sample:btcusdt-4h', { home })
  expect(toCandles(sample)).toEqual(toCandles(golden))
})

withShared('the long history has 8,504 rows and 16 gaps of 25 bars', async () => {
  const series = await openCandleSource(join(shared, 'data', 'btcusdt_4h.json.gz'), { home })
  expect(series).toMatchObject({ rows: 8504, duplicatesDropped: 0 })
  expect(series.gaps).toHaveLength(16)
  expect(series.gaps.reduce((sum, { missing }) => sum + missing, 0)).toBe(25)
})
