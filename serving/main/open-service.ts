import { hostname } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { BullpenError } from '#core/errors'
import type { Config } from '#platform/config'
import type { Logger } from '#platform/logging'
import { ExchangeBars } from '#platform/market-data'
import { openObjectStore } from '#platform/objects'
import {
  openDatabase,
  PostgresApiKeys,
  PostgresCandleStore,
  PostgresChangeFeed,
  PostgresDriftActions,
  PostgresFeatureSnapshots,
  PostgresHosts,
  PostgresModelRegistry,
  PostgresPredictionLog,
  PostgresRunStore,
  PostgresScheduleStore,
  PostgresWebhookOutbox,
} from '#platform/postgres/answering'
import { Closers, packageVersion } from '#platform/processes'
import { startTracing } from '#platform/telemetry'
import { openWebhooks } from '#platform/webhooks'
import { makeApp } from '../app/make-app.ts'
import type { ServiceParts } from '../app/service-parts.ts'
import type { ServiceSettings } from '../app/service-settings.ts'
import { ServiceState } from '../app/service-state.ts'
import { limits } from '../app/limits.ts'
import { ChampionHolder, ModelCache, readForestInThread } from '../champion/index.ts'
import { driftMonitorOf, KnownDemotions } from '../drift/index.ts'
import { ServiceEvents } from '../events/service-events.ts'
import { ModelExplainer } from '../explain/model-explainer.ts'
import { ServiceMetrics } from '../metrics/index.ts'
import { pages } from '../pages/index.ts'
import type { ClosedBars } from '../series/exchange-poller.ts'
import { FeatureBook } from '../series/feature-book.ts'
import { LogBuffer } from '../verdicts/log-buffer.ts'
import { LoggedEquity } from '../verdicts/logged-equity.ts'
import { ModelDesk } from '../verdicts/model-desk.ts'
import { StalenessWatch } from '../verdicts/staleness-watch.ts'
import { drain } from './drain.ts'
import { openCandleInflow } from './candle-inflow.ts'
import { importCandles, isRecording } from './import-candles.ts'
import { RunReports } from './run-reports.ts'
import { openServiceWebhooks } from '../events/service-webhooks.ts'
import { isLoopback, type ServeOptions } from './serve-options.ts'

/** What a service is opened with besides its options. */
export interface ServiceSurroundings {
  readonly config: Config
  readonly logger: Logger
  /** Told in plain words what was chosen and what happens. */
  readonly onNote: (text: string) => void
  /** Aborts a start; a running service is closed by `close`. */
  readonly signal: AbortSignal
  /** Instead of those of the exchange that the options name. */
  readonly bars?: ClosedBars
  /** Overrides for tests and benchmarks. */
  readonly settings?: Partial<ServiceSettings>
}

/** A service that answers. */
export interface Service {
  readonly url: string
  readonly app: FastifyInstance
  readonly parts: ServiceParts
  readonly settings: ServiceSettings
  /** Out of traffic, then everything in the reverse order of its opening. Idempotent. */
  close(): Promise<void>
}

/** The composition root: opens everything a service is made of, or nothing. Throws what any part throws. */
export async function openService(options: ServeOptions, surroundings: ServiceSurroundings): Promise<Service> {
  const closers = new Closers()
  try {
    return await open(options, surroundings, closers)
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}

async function open(options: ServeOptions, surroundings: ServiceSurroundings, closers: Closers): Promise<Service> {
  const { config, logger, onNote } = surroundings
  const settings = { ...settingsOf(options, config), ...surroundings.settings }
  const tracing = await startTracing({
    endpoint: config.otlpEndpoint,
    service: 'bullpen-serving',
    host: hostname(),
    onNote,
  })
  closers.add(() => tracing.stop())
  const state = new ServiceState()
  const metrics = new ServiceMetrics()
  const parts = await openParts(options, surroundings, { closers, metrics })
  const app = await makeApp({ parts, settings, state, metrics, logger, pages })
  closers.add(() => drain(app, state, options.noticeMs))
  const url = await listen(app, options)
  state.started()
  let closing: Promise<void> | undefined
  return { url, app, parts, settings, close: () => (closing ??= closers.closeAll()) }
}

async function openParts(
  options: ServeOptions,
  { config, logger, onNote, signal, bars: given }: ServiceSurroundings,
  { closers, metrics }: { readonly closers: Closers; readonly metrics: ServiceMetrics },
): Promise<ServiceParts> {
  const { home, databaseUrl, objects: objectsUrl, s3Endpoint } = config
  const now = (): number => Date.now()
  const warn = (text: string, error?: unknown): void => {
    logger.warn(text, error === undefined ? {} : { error })
  }
  // Without it the model that answered last answers from its cache.
  const database = await openDatabase({ url: databaseUrl, home, onNote, whenAway: 'go-on' })
  closers.add(() => database.close())
  const objects = openObjectStore({ url: objectsUrl, home, endpoint: s3Endpoint })
  const store = new PostgresCandleStore(database)
  for (const source of options.candles) {
    const { symbol, timeframe } = options
    await importCandles(source, store, { home, symbol, timeframe, signal, onNote })
  }

  const events = new ServiceEvents({
    onListenerError: (error) => {
      warn('a listener to events failed', error)
    },
  })
  const unfollow = metrics.follow(events)
  closers.add(() => {
    unfollow()
    return Promise.resolve()
  })
  const book = new FeatureBook({ store, snapshots: new PostgresFeatureSnapshots(database), onNote: warn })
  closers.add(() => book.close())
  const registry = new PostgresModelRegistry(database)
  const feed = new PostgresChangeFeed(database)
  const cache = new ModelCache(join(home, 'serving'))
  const champions = new ChampionHolder(
    { registry, objects, book, cache, readForest: readForestInThread, events, logger, feed },
    { aliases: options.aliases.map((alias) => ({ alias })) },
  )
  closers.add(() => champions.close())
  const predictions = new PostgresPredictionLog(database)
  const log = new LogBuffer({ log: predictions, onNote: warn })
  closers.add(() => log.close())
  const actions = new PostgresDriftActions(database)
  const demotions = new KnownDemotions(actions)
  const desk = new ModelDesk({ book, champions, log, events, demotions, onNote: warn })
  await champions.start()
  const bars = given ?? (options.exchange === undefined ? undefined : new ExchangeBars(options.exchange))
  closers.add(await openCandleInflow({ book, feed, bars, onNote: warn }))

  const observe = metrics.drift.bind(metrics)
  const watched = { book, champions, log: predictions, objects, actions, demotions, events, observe, onNote: warn }
  const { aliases, driftPolicy: policy = 'watch', driftRetrain: retrain = true } = options
  const monitor = driftMonitorOf({ ...watched, registry, aliases }, { policy, retrain })
  await monitor.start()
  closers.add(() => monitor.stop())

  const outbox = new PostgresWebhookOutbox(database)
  const courier = openWebhooks(config, outbox, warn)
  closers.add(openServiceWebhooks({ courier, outbox, schedules: new PostgresScheduleStore(database), events, metrics }))

  const staleness = new StalenessWatch({ book, events })
  staleness.start()
  closers.add(() => {
    staleness.stop()
    return Promise.resolve()
  })
  const runs = new PostgresRunStore(database)
  return {
    book,
    champions,
    desk,
    demotions,
    explainer: new ModelExplainer({ desk, book, champions }),
    equity: new LoggedEquity({ book, log: predictions, store }),
    log: predictions,
    events,
    registry,
    runs,
    hosts: new PostgresHosts(database),
    reports: new RunReports(home, runs, objects),
    keys: new PostgresApiKeys(database),
    now,
  }
}

function settingsOf(options: ServeOptions, { otlpEndpoint }: Config): ServiceSettings {
  const { aliases, anonymousRead, candles, corsOrigins, host, ratePerMinute, requireFresh } = options
  return {
    alias: aliases[0]!,
    anonymousRead: anonymousRead ?? isLoopback(host),
    requireFresh: requireFresh ?? !candles.some(isRecording),
    corsOrigins,
    ratePerMinute: ratePerMinute === 0 ? null : ratePerMinute,
    shedAboveMs: limits.eventLoopDelayMs,
    requestMs: limits.requestMs,
    tracing: otlpEndpoint !== undefined,
    version: packageVersion(),
  }
}

async function listen(app: FastifyInstance, { host, port }: ServeOptions): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    const { message } = error as Error
    throw new BullpenError('ADDRESS_UNAVAILABLE', { address: `${host}:${port}`, reason: message }, { cause: error })
  }
}
