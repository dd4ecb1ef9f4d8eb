import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSeries, type Candle, type CandleSeries } from '#core/candles'
import { publishModel, type KeyScope } from '#core/registry'
import { readConfig } from '#platform/config'
import { silentLogger } from '#platform/logging'
import { openObjectStore } from '#platform/objects'
import { openDatabase, PostgresApiKeys, PostgresCandleStore, PostgresModelRegistry } from '#platform/postgres/answering'
import type { ServiceSettings } from '../app/service-settings.ts'
import { createKey } from '../keys/index.ts'
import { openService, type Service } from '../main/open-service.ts'
import { serveDefaults, type ServeOptions } from '../main/serve-options.ts'
import type { ClosedBars } from '../series/exchange-poller.ts'
import { trainModel } from './trained-model.ts'
import { walkCandles, walkWidthMs } from './walk-candles.ts'

export interface StartOptions {
  /** Closed candles; 700 of a random walk that ends now unless given. */
  readonly candles?: readonly Candle[]
  /** Models to train and register, the first of them champion; 1 unless given. */
  readonly models?: number
  readonly serve?: Partial<ServeOptions>
  readonly settings?: Partial<ServiceSettings>
  /** In the place of an exchange. */
  readonly bars?: ClosedBars
  /** Besides BULLPEN_HOME. */
  readonly env?: Readonly<Record<string, string>>
}

/** A service as operators run it: embedded PostgreSQL, objects in a folder, a trained model, a free port. */
export interface StartedService extends Service {
  /** BULLPEN_HOME of the service. */
  readonly home: string
  readonly candles: readonly Candle[]
  /** Time from nothing but what is stored to ready, ms. */
  readonly startMs: number
  key(scope: KeyScope): Promise<string>
  /** Ends it and removes what it kept. */
  stop(): Promise<void>
}

const symbol = 'BTC/USDT'

export async function startService(options: StartOptions = {}): Promise<StartedService> {
  const { candles = walkCandles(700, Date.now()), models = 1, serve = {}, settings = {}, bars, env = {} } = options
  const home = mkdtempSync(join(tmpdir(), 'bullpen-service-'))
  const onNote = (): void => undefined
  const config = readConfig({ ...env, BULLPEN_HOME: home })
  // Stays open beside the service, so that the embedded server is started once.
  const database = await openDatabase({ home, onNote })
  const series = makeSeries({ symbol, widthMs: walkWidthMs, source: 'walk', candles }, { gaps: 'keep' })
  await new PostgresCandleStore(database).import(symbol, walkWidthMs, candles, Date.now())
  await publish(series, models, { registry: new PostgresModelRegistry(database), objects: openObjectStore({ home }) })

  const startedAt = performance.now()
  const service = await openService(
    { ...serveDefaults, port: 0, candles: [], corsOrigins: [], noticeMs: 0, ...serve },
    {
      config,
      logger: silentLogger,
      onNote,
      signal: new AbortController().signal,
      // A test machine may be as slow as it likes.
      settings: { shedAboveMs: null, ...settings },
      ...(bars && { bars }),
    },
  )
  const keys = new PostgresApiKeys(database)
  return {
    ...service,
    home,
    candles,
    startMs: performance.now() - startedAt,
    key: async (scope) => (await createKey(keys, { name: `test ${scope}`, scope, expiresAt: null })).text,
    stop: async () => {
      await service.close()
      await database.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function publish(
  series: CandleSeries,
  models: number,
  stores: Parameters<typeof publishModel>[0],
): Promise<void> {
  for (let n = 1; n <= models; n++) {
    const { manifest, content } = await trainModel(series, `20260131-12000${n}-aaaaaa`, n)
    const isFirst = n === 1
    await publishModel(stores, content, manifest, {
      decision: {
        alias: 'champion',
        champion: isFirst ? null : 1,
        promoted: isFirst,
        reason: isFirst ? 'first-version' : 'not-better',
        text: 'made for a test',
        evidence: null,
      },
    })
  }
}
