import { makeSeries, type Candle } from '#core/candles'
import { AnsweringModel, Forest } from '#core/model'
import type { KeyScope, ModelVersion } from '#core/registry'
import {
  MemoryApiKeys,
  MemoryCandleStore,
  MemoryFeatureSnapshots,
  MemoryModelRegistry,
  MemoryObjectStore,
  MemoryPredictionLog,
  MemoryRunStore,
} from '#platform/memory'
import { silentLogger } from '#platform/logging'
import type { FastifyInstance } from 'fastify'
import { makeApp } from '../app/make-app.ts'
import type { ServiceParts } from '../app/service-parts.ts'
import type { ServiceSettings } from '../app/service-settings.ts'
import { ServiceState } from '../app/service-state.ts'
import { ServiceEvents } from '../events/service-events.ts'
import { createKey } from '../keys/index.ts'
import { ModelExplainer } from '../explain/model-explainer.ts'
import { ServiceMetrics } from '../metrics/index.ts'
import type { SeriesKey, ServedModel } from '../ports.ts'
import { FeatureBook } from '../series/feature-book.ts'
import { LogBuffer } from '../verdicts/log-buffer.ts'
import { LoggedEquity } from '../verdicts/logged-equity.ts'
import { ModelDesk } from '../verdicts/model-desk.ts'
import { FixedChampions } from './fixed-champions.ts'
import { trainModel } from './trained-model.ts'
import { walkCandles, walkWidthMs } from './walk-candles.ts'

/** Noon of the day all of it happens on. */
export const testNow = Date.UTC(2026, 0, 31, 12)

export const testSeries: SeriesKey = { symbol: 'BTC/USDT', widthMs: walkWidthMs }

export interface TestServiceOptions {
  readonly settings?: Partial<ServiceSettings>
  readonly parts?: Partial<ServiceParts>
}

/** A service whose parts are real and whose stores are memory, with 700 candles and two models. */
export interface TestService {
  readonly app: FastifyInstance
  readonly parts: ServiceParts
  readonly state: ServiceState
  readonly champions: FixedChampions
  readonly store: MemoryCandleStore
  readonly log: LogBuffer
  readonly candles: readonly Candle[]
  readonly versions: readonly ModelVersion[]
  /** The clock of the service, ms. */
  readonly clock: { now: number }
  /** A new key. */
  key(scope: KeyScope): Promise<string>
  /** Listens on a free port and answers the address. */
  listen(): Promise<string>
  close(): Promise<void>
}

const settings: ServiceSettings = {
  alias: 'champion',
  anonymousRead: true,
  requireFresh: true,
  corsOrigins: [],
  ratePerMinute: null,
  // A test machine may be as slow as it likes.
  shedAboveMs: null,
  requestMs: 10_000,
  tracing: false,
  version: '0.0.0-test',
}

export async function openTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const clock = { now: testNow }
  const now = (): number => clock.now
  const candles = walkCandles(700, testNow)
  const store = new MemoryCandleStore()
  await store.import(testSeries.symbol, testSeries.widthMs, candles, testNow)
  const book = new FeatureBook({ store, snapshots: new MemoryFeatureSnapshots(), clock: now })

  const registry = new MemoryModelRegistry(now)
  const versions = await publishTwo(registry, new MemoryObjectStore(), candles)
  const champions = new FixedChampions(versions[0].served)
  await book.serve(testSeries, versions[0].served.model.set)

  const events = new ServiceEvents({ era: 'test' })
  const predictions = new MemoryPredictionLog()
  const log = new LogBuffer({ log: predictions })
  const desk = new ModelDesk({ book, champions, log, events, clock: now })
  desk.current(testSeries)

  const keys = new MemoryApiKeys(now)
  const parts: ServiceParts = {
    book,
    champions,
    desk,
    demotions: { of: () => undefined },
    explainer: new ModelExplainer({ desk, book, champions }),
    equity: new LoggedEquity({ book, log: predictions, store }),
    log: predictions,
    events,
    registry,
    runs: new MemoryRunStore(now),
    hosts: { list: () => Promise.resolve([]) },
    reports: { htmlOf: () => Promise.resolve(undefined) },
    keys,
    now,
    ...options.parts,
  }
  const state = new ServiceState()
  const metrics = new ServiceMetrics()
  metrics.follow(events)
  const app = await makeApp({
    parts,
    settings: { ...settings, ...options.settings },
    state,
    metrics,
    logger: silentLogger,
  })
  state.started()
  return {
    app,
    parts,
    state,
    champions,
    store,
    log,
    candles,
    versions: versions.map(({ version }) => version),
    clock,
    key: async (scope) => (await createKey(keys, { name: `test ${scope}`, scope, expiresAt: null })).text,
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    close: async () => {
      await app.close()
      await log.close()
      await book.close()
    },
  }
}

interface Published {
  readonly version: ModelVersion
  readonly served: ServedModel
}

/** Two versions, the first of which is champion, the second judged better. */
async function publishTwo(
  registry: MemoryModelRegistry,
  objects: MemoryObjectStore,
  candles: readonly Candle[],
): Promise<readonly [Published, Published]> {
  const series = makeSeries({ ...testSeries, source: 'walk', candles }, { gaps: 'keep' })
  const publish = async (run: string, champion: number | null): Promise<Published> => {
    const { manifest, content } = await trainModel(series, run, champion ?? 0)
    await objects.put(content)
    const version = await registry.publish(manifest, {
      decision: {
        alias: 'champion',
        champion,
        promoted: champion === null,
        reason: champion === null ? 'first-version' : 'not-better',
        text: 'made for a test',
        evidence: null,
      },
    })
    const model = new AnsweringModel(Forest.fromXgboostJson(new TextDecoder().decode(content)), manifest.contract)
    return { version, served: { version: version.version, manifest, model, since: testNow } }
  }
  const first = await publish('20260131-120000-aaaaaa', null)
  return [first, await publish('20260131-130000-bbbbbb', first.version.version)]
}
