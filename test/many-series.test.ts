import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { FolderObjectStore } from '#platform/objects'
import { decodeShard } from '#platform/tables'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome } from './testing/command.ts'

const { home, remove } = makeHome()
afterAll(remove)

const fixtures = new URL('../../core/features/__tests__/fixtures/', import.meta.url)
const golden = gunzipSync(readFileSync(new URL('golden-candles.json.gz', fixtures))).toString()
const rows = JSON.parse(golden) as unknown[]

interface Stored {
  readonly source: string
  readonly symbol: string
  readonly rows: number
  readonly computed: number
  readonly reused: number
  readonly object: string
}

async function features(...args: string[]): Promise<Stored[]> {
  return documentOf<Stored[]>(await bullpen(['features', ...args, '--json'], home))
}

/** Puts the first `count` golden candles into the candle store. */
async function importGolden(count: number): Promise<void> {
  const file = join(home, 'golden.json.gz')
  mkdirSync(home, { recursive: true })
  writeFileSync(file, gzipSync(JSON.stringify(rows.slice(0, count))))
  const { status, stderr } = await bullpen(['candles', 'import', file, '--symbol', 'BTC/USDT'], home)
  if (status !== 0) throw new Error(stderr)
}

let before: Stored[]
beforeAll(async () => {
  await importGolden(rows.length - 42)
  await bullpen(['candles', 'import', 'sample:ethusdt-1h'], home)
  before = await features('--all')
})

test('every series of the store is computed, in its own object', () => {
  // 2,190 bars of 4 hours end on 2020-12-19, so the year falls into two shards; 1-hour bars fall into five.
  expect(before).toMatchObject([
    { source: 'store:BTC/USDT:4h', symbol: 'BTC/USDT', rows: rows.length - 42, computed: 2, reused: 0 },
    { source: 'store:ETH/USDT:1h', symbol: 'ETH/USDT', computed: 5, reused: 0 },
  ])
  expect(new Set(before.map(({ object }) => object)).size).toBe(2)
})

test('again nothing is computed; 42 new candles compute the newest shard alone; the table is the golden one', async () => {
  expect(await features('--all')).toMatchObject(before.map((each) => ({ ...each, computed: 0, reused: each.computed })))
  await importGolden(rows.length)
  const [btc, eth] = await features('--all')
  expect(btc).toMatchObject({ rows: rows.length, computed: 1, reused: 1 })
  expect(eth).toMatchObject({ computed: 0, object: before[1]!.object })
  await expectGolden(btc!.object)
})

test('a series that fails does not stop the others', async () => {
  const { status, stdout } = await bullpen(
    ['features', '--candles', 'nosuch.csv', '--candles', 'store:BTC/USDT:4h', '--json'],
    home,
  )
  expect(JSON.parse(stdout)).toMatchObject([
    { source: 'nosuch.csv', error: { code: 'CANDLES_NOT_FOUND' } },
    { source: 'store:BTC/USDT:4h', computed: 0, reused: 2 },
  ])
  expect(status).toBe(1)
})

test('train makes a run for each series: what fails stops no other, and each has the model of a run of its own', async () => {
  const small = ['--feature-set', 'classic', '--space', 'smoke', '--trials', '1', '--folds', '2', '--json']
  const series = ['sample:ethusdt-4h', 'nosuch.csv', 'sample:btcusdt-4h']
  const many = await bullpen(['train', ...small, ...series.flatMap((source) => ['--candles', source])], home)
  expect(many.status).toBe(1)
  const [eth, none, btc] = JSON.parse(many.stdout) as { source: string; outcome?: TrainingOutcome }[]
  expect(none).toMatchObject({ source: 'nosuch.csv', runId: null, error: { code: 'CANDLES_NOT_FOUND' } })
  // The first series of the list is champion, whichever run was done first.
  expect(eth!.outcome!.model.champion).toBe(true)
  expect(btc!.outcome!.promotion.reason).toBe('champion-of-another-series')
  expect(btc!.outcome!.runId).not.toBe(eth!.outcome!.runId)

  const alone = documentOf<TrainingOutcome>(await bullpen(['train', ...small, '--candles', series[2]!], home))
  expect(alone.model.sha256).toBe(btc!.outcome!.model.sha256)
}, 240_000)

test.each([
  ['--resume goes on with one run', ['--resume', 'x']],
  ['--symbol cannot name several series', ['--symbol', 'A/B']],
  ['b.csv is given twice', ['--candles', 'b.csv']],
])('training several series, %s', async (reason, more) => {
  const { status, stderr } = await bullpen(['train', '--candles', 'a.csv', '--candles', 'b.csv', ...more], home)
  expect(stderr).toContain(reason)
  expect(status).toBe(2)
})

async function expectGolden(object: string): Promise<void> {
  const { columns, values, openTime } = await decodeShard(
    await new FolderObjectStore(join(home, 'objects')).get(object),
  )
  const [header, ...lines] = gunzipSync(readFileSync(new URL('golden-features.csv.gz', fixtures)))
    .toString()
    .trimEnd()
    .split('\n')
  const names = header!.split(',')
  const wrong: string[] = []
  for (const line of lines) {
    const fields = line.split(',')
    const row = Number(fields.at(-1))
    if (Date.parse(fields[0]!) !== openTime[row]) wrong.push(`row ${row} is another candle`)
    columns.forEach((name, c) => {
      const text = fields[names.indexOf(name)]!
      const actual = values[c * openTime.length + row]!
      const close = Math.abs(actual - Number(text)) <= 1e-9 * Math.abs(Number(text)) + 1e-10
      if (text === '' ? !Number.isNaN(actual) : !close) wrong.push(`${name}[${row}] is ${actual}, golden ${text}`)
    })
  }
  expect(lines.length).toBeGreaterThan(300)
  expect(wrong).toEqual([])
}
