import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { openCandleSource, type OhlcvExchange } from '#platform/market-data'
import { MemoryCandleStore } from '#platform/memory'
import type { ProgressEvent } from '../../progress.ts'
import { addCandleCommands } from '../candles.ts'

const hour = 3_600_000
const start = Date.UTC(2020, 0, 1)

let folder: string
let store: MemoryCandleStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candle-commands-'))
  store = new MemoryCandleStore()
})
afterEach(() => rm(folder, { recursive: true }))

type Row = [number, number, number, number, number, number]

function bars(count: number, volume = 5): Row[] {
  return Array.from({ length: count }, (_, i) => [start + i * hour, 10, 12, 9, 11, volume])
}

async function file(rows: readonly unknown[]): Promise<string> {
  const path = join(folder, 'bars.json')
  await writeFile(path, JSON.stringify(rows))
  return path
}

/** An exchange whose clock stands half an hour into the bar after the last it can close. */
function exchange(rows: readonly Row[], closed: number): OhlcvExchange {
  return {
    id: 'fake',
    has: { fetchTime: true },
    timeframes: { '1h': '1h' },
    features: { spot: { fetchOHLCV: { limit: 3 } } },
    loadMarkets: () => Promise.resolve({}),
    fetchTime: () => Promise.resolve(start + closed * hour + hour / 2),
    fetchOHLCV: (_symbol, _timeframe, since, limit) =>
      Promise.resolve(rows.filter(([openTime]) => openTime >= since).slice(0, limit)),
  }
}

interface Outcome {
  readonly answer: unknown
  readonly lines: readonly string[]
  readonly events: readonly ProgressEvent[]
}

async function bullpen(argv: readonly string[], pulled: OhlcvExchange = exchange([], 0)): Promise<Outcome> {
  const outcomes: { answer: unknown; lines: readonly string[] }[] = []
  const events: ProgressEvent[] = []
  const program = new Command().exitOverride()
  addCandleCommands(program, {
    workshop: { config: { home: folder }, candleStore: () => Promise.resolve(store) },
    signal: new AbortController().signal,
    connect: () => Promise.resolve(pulled),
    progress: (event) => void events.push(event),
    now: () => start + 1000 * hour,
    note: () => undefined,
    loadSeries: (source, { gaps, symbol, timeframe }) => {
      const named = { ...(gaps && { gaps }), ...(symbol && { symbol }), ...(timeframe && { timeframe }) }
      return openCandleSource(source, { home: folder, store, ...named })
    },
    answer: (value, lines) => void outcomes.push({ answer: value, lines: lines(value) }),
  })
  await program.parseAsync(['candles', ...argv], { from: 'user' })
  return { ...outcomes[0]!, events }
}

test('check says what a source holds', async () => {
  const rows = bars(6)
  const path = await file([...rows.slice(0, 3), rows[1], ...rows.slice(5)])
  const { answer, lines } = await bullpen(['check', path, '--symbol', 'BTC/USDT'])
  expect(answer).toEqual({
    symbol: 'BTC/USDT',
    timeframe: '1h',
    widthMs: hour,
    rows: 4,
    first: '2020-01-01T00:00:00Z',
    last: '2020-01-01T05:00:00Z',
    gaps: [{ after: '2020-01-01T02:00:00Z', before: '2020-01-01T05:00:00Z', missing: 2 }],
    missing: 2,
    segments: 1,
    duplicatesDropped: 1,
  })
  expect(lines).toEqual([
    'BTC/USDT 1h: 4 bars, 2020-01-01T00:00:00Z to 2020-01-01T05:00:00Z',
    '1 exact repeat dropped',
    '1 gap, 2 bars missing',
    '  2 missing between 2020-01-01T02:00:00Z and 2020-01-01T05:00:00Z',
  ])
})

test('check ends with the defect, and with gaps where they are refused', async () => {
  const path = await file(bars(6).with(3, [start + 3 * hour, 10, 9, 9, 11, 5]))
  await expect(bullpen(['check', path])).rejects.toMatchObject({ code: 'CANDLE_HIGH', details: { row: 4, value: 9 } })
  const gapped = await file([...bars(3), ...bars(6).slice(5)])
  await expect(bullpen(['check', gapped, '--gaps', 'reject'])).rejects.toMatchObject({ code: 'CANDLES_GAPS' })
  await expect(bullpen(['check', gapped, '--timeframe', '90m'])).rejects.toMatchObject({ code: 'CANDLES_RESAMPLE' })
})

test('import counts what is new, what was there and what differs, and list shows it', async () => {
  const first = await bullpen(['import', await file(bars(4)), '--symbol', 'BTC/USDT'])
  expect(first.answer).toMatchObject({ inserted: 4, unchanged: 0, revised: 0 })
  const changed = bars(6).with(2, [start + 2 * hour, 10, 12, 9, 11, 6])
  const second = await bullpen(['import', await file(changed), '--symbol', 'BTC/USDT'])
  expect(second.answer).toMatchObject({ inserted: 2, unchanged: 3, revised: 1, series: { rows: 6 } })
  expect(second.lines.slice(1)).toEqual([
    '2 new, 3 already there, 1 revised',
    'read them with --candles store:BTC/USDT:1h',
  ])
  const listed = await bullpen(['list'])
  expect(listed.answer).toEqual([
    {
      source: 'store:BTC/USDT:1h',
      symbol: 'BTC/USDT',
      timeframe: '1h',
      rows: 6,
      first: '2020-01-01T00:00:00Z',
      last: '2020-01-01T05:00:00Z',
      revisions: 1,
    },
  ])
  expect((await bullpen(['check', 'store:BTC/USDT:1h'])).answer).toMatchObject({ rows: 6, symbol: 'BTC/USDT' })
  await expect(bullpen(['check', 'store:BTC/USDT:4h'])).rejects.toThrow('known are BTC/USDT:1h')
})

test('an empty store says what to do', async () => {
  expect((await bullpen(['list'])).lines).toEqual(['the candle store is empty: see bullpen candles import --help'])
})

test('import wants a file to be named, and nothing of a bad one is stored', async () => {
  await expect(bullpen(['import', await file(bars(4))])).rejects.toMatchObject({ code: 'USAGE' })
  await expect(bullpen(['import', 'store:BTC/USDT:1h'])).rejects.toMatchObject({ code: 'USAGE' })
  const bad = await file(bars(4).with(3, [start + 3 * hour, 10, 12, 9, 11, -5]))
  await expect(bullpen(['import', bad, '--symbol', 'X'])).rejects.toMatchObject({ code: 'CANDLE_VOLUME' })
  expect((await bullpen(['list'])).answer).toEqual([])
})

test('pull stores closed bars, tells how far it is, and goes on from the newest bar', async () => {
  const source = 'exchange:fake:BTC/USDT:1h'
  const first = await bullpen(['pull', source, '--since', '2020-01-01'], exchange(bars(9), 8))
  expect(first.answer).toMatchObject({ inserted: 8, series: { rows: 8, last: '2020-01-01T07:00:00Z' } })
  expect(first.events.map((event) => [event.kind, 'done' in event ? event.done : undefined])).toEqual([
    ['stage-start', undefined],
    ['stage-progress', 35],
    ['stage-progress', 70],
    ['stage-progress', 94],
    ['stage-end', undefined],
  ])
  const mended = bars(11).with(7, [start + 7 * hour, 10, 12, 9, 11, 6])
  const second = await bullpen(['pull', source], exchange(mended, 10))
  expect(second.answer).toMatchObject({ inserted: 2, revised: 1, unchanged: 0, series: { rows: 3 } })
})

test('pull needs an exchange and a place to begin', async () => {
  await expect(bullpen(['pull', 'sample:btcusdt-4h'])).rejects.toThrow('sample:btcusdt-4h is no exchange')
  await expect(bullpen(['pull', 'exchange:fake:BTC/USDT:1h'])).rejects.toThrow('say from when, e.g. --since 2020-01-01')
  const odd = ['pull', 'exchange:fake:BTC/USDT:1h', '--since', 'yesterday']
  await expect(bullpen(odd)).rejects.toThrow('yesterday is no time')
})
