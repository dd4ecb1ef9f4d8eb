import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSeries, type Candle } from '#core/candles'
import type { TrialRecord } from '#core/registry'
import { Random } from '#core/random'
import { readConfig, type Config } from '#platform/config'
import { silentLogger } from '#platform/logging'
import { openObjectStore } from '#platform/objects'
import {
  openDatabase,
  PostgresApiKeys,
  PostgresCandleStore,
  PostgresModelRegistry,
  PostgresRunStore,
} from '#platform/postgres'
import { createKey } from '../../serving/keys/index.ts'
import { openService, type Service } from '../../serving/main/open-service.ts'
import { serveDefaults } from '../../serving/main/serve-options.ts'
import { trainModel } from '../../serving/testing/trained-model.ts'
import { walkCandles, walkWidthMs } from '../../serving/testing/walk-candles.ts'

/** The service as `bullpen serve` opens it, with two trained models, a run with trials and fresh candles. */
export interface DashboardService {
  readonly url: string
  /** A key that may promote. */
  readonly adminKey: string
  /** Sends the candle after the newest one, as a feed would. */
  sendCandle(): Promise<Candle>
  close(): Promise<void>
}

const symbol = 'BTC/USDT'
const runs = ['20260131-120000-aaaaaa', '20260207-120000-bbbbbb'] as const

export async function openDashboardService(): Promise<DashboardService> {
  const home = mkdtempSync(join(tmpdir(), 'bullpen-dashboard-'))
  const config = readConfig({ BULLPEN_HOME: home }, home)
  // The last of them is kept back: it closed just now, and arrives when a test sends it.
  const candles = walkCandles(701, Date.now())
  const known = candles.slice(0, -1)
  const keys = await fill(config, known)
  const service = await openService(
    { ...serveDefaults, port: 0, candles: [], corsOrigins: [], noticeMs: 0 },
    { config, logger: silentLogger, onNote: () => undefined, signal: new AbortController().signal },
  )
  return {
    url: service.url,
    adminKey: keys.admin,
    sendCandle: () => send(service, keys.write, candles.at(-1)!),
    close: async () => {
      await service.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function send(service: Service, key: string, candle: Candle): Promise<Candle> {
  const answer = await fetch(`${service.url}/v1/candles`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      symbol,
      timeframe: '4h',
      candles: [{ ...candle, openTime: new Date(candle.openTime).toISOString() }],
    }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return candle
}

/** Answers a key that may send candles and one that may promote. */
async function fill(config: Config, candles: readonly Candle[]): Promise<{ write: string; admin: string }> {
  const { home } = config
  const database = await openDatabase({ home, onNote: () => undefined })
  try {
    await new PostgresCandleStore(database).import(symbol, walkWidthMs, candles, Date.now())
    const registry = new PostgresModelRegistry(database)
    const objects = openObjectStore({ url: config.objects, home, endpoint: config.s3Endpoint })
    const series = makeSeries({ symbol, widthMs: walkWidthMs, source: 'walk', candles }, { gaps: 'keep' })
    for (const [i, run] of runs.entries()) {
      const { manifest, content } = await trainModel(series, run, i)
      await objects.put(content)
      await registry.publish(manifest, {
        decision: {
          alias: 'champion',
          champion: i === 0 ? null : 1,
          promoted: i === 0,
          reason: i === 0 ? 'first-version' : 'not-better',
          text: i === 0 ? 'the first version' : 'not better than the first',
          evidence: null,
        },
      })
    }
    await recordRun(new PostgresRunStore(database))
    mkdirSync(join(home, 'runs', runs[1]), { recursive: true })
    writeFileSync(join(home, 'runs', runs[1], 'report.html'), report)
    const keys = new PostgresApiKeys(database)
    const key = async (scope: 'write' | 'admin') =>
      (await createKey(keys, { name: scope, scope, expiresAt: null })).text
    return { write: await key('write'), admin: await key('admin') }
  } finally {
    await database.close()
  }
}

async function recordRun(store: PostgresRunStore): Promise<void> {
  await store.create(runs[1], { seed: 7 })
  for (let number = 0; number < 12; number++) await store.recordTrial(runs[1], trial(number))
  await store.transition(runs[1], 'search')
}

function trial(number: number): TrialRecord {
  const random = Random.of('trial of the dashboard', number)
  const state = number === 5 ? 'pruned' : 'complete'
  return {
    number,
    state,
    parameters: { learningRate: 0.01 + 0.3 * random.uniform(), maxDepth: 2 + random.below(8) },
    score: state === 'pruned' ? null : 0.75 + 0.05 * random.uniform(),
    metrics: {},
    folds: [],
    durationMs: 900,
  }
}

/** A report that would call attention to itself if it could run anything or reach its page. */
const report = `<!doctype html><html lang="en"><head><title>Report</title><style>body{color:#0067a5}</style></head>
<body><h1>Report of the run</h1><script>parent.parent.document.title = 'reached'</script></body></html>`
