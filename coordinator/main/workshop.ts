import { hostname } from 'node:os'
import { join } from 'node:path'
import type { CandleStore } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { EngineRef, Fleet, Route, Target, TargetName, TaskLedger, TaskQueue } from '#core/protocol'
import {
  newSigningKey,
  type DriftActions,
  type ModelRegistry,
  type ObjectStore,
  type RunStore,
  type ShardIndex,
} from '#core/registry'
import type { Config } from '#platform/config'
import { readSecret, secretFile } from '#platform/files'
import { MemoryTaskQueue } from '#platform/memory'
import { openObjectStore } from '#platform/objects'
import {
  openDatabase,
  PostgresCandleStore,
  PostgresDriftActions,
  PostgresFleet,
  PostgresModelRegistry,
  PostgresRunStore,
  PostgresTaskLedger,
  PostgresShardIndex,
  type Database,
} from '#platform/postgres'
import { queueTelemetry, startTracing } from '#platform/telemetry'
import { resolveEngine, type ResolvedEngine } from '#platform/xgboost'
import type { BoardQueue } from '../admin/index.ts'
import type { TrainingPool, Workshop } from '../commands/session.ts'
import { Closers } from '#platform/processes'
import { QueuePages } from './queue-pages.ts'

/**
 * Opens what commands need, each thing once and only when asked for, and closes it all in reverse order. The only
 * place that joins adapters, workers and the coordinator.
 */
export class LocalWorkshop implements Workshop<ResolvedEngine> {
  readonly config: Config
  private readonly note: (text: string) => void
  private readonly closers = new Closers()
  private readonly pages = new QueuePages()
  private database: Promise<Database> | undefined
  private objectStore: ObjectStore | undefined

  constructor(config: Config, note: (text: string) => void) {
    this.config = config
    this.note = note
  }

  async candleStore(): Promise<CandleStore> {
    return new PostgresCandleStore(await this.openDatabase())
  }

  async registry(): Promise<ModelRegistry> {
    return new PostgresModelRegistry(await this.openDatabase())
  }

  async runs(): Promise<RunStore> {
    return new PostgresRunStore(await this.openDatabase())
  }

  async shards(): Promise<ShardIndex> {
    return new PostgresShardIndex(await this.openDatabase())
  }

  async driftActions(): Promise<DriftActions> {
    return new PostgresDriftActions(await this.openDatabase())
  }

  objects(): ObjectStore {
    const { objects, home, s3Endpoint } = this.config
    this.objectStore ??= openObjectStore({ url: objects, home, endpoint: s3Endpoint })
    return this.objectStore
  }

  /** Settles the engine and says which in one line. With `pinned`, it must be that very engine: ENGINE_DIFFERS. */
  async engine(choice: string, pinned?: EngineRef): Promise<ResolvedEngine> {
    const { xgboostLibrary, condaPrefix, virtualEnv } = this.config
    const resolved = await resolveEngine(pinned?.name ?? choice, {
      ...(xgboostLibrary === undefined ? {} : { explicitPath: xgboostLibrary }),
      ...(condaPrefix === undefined ? {} : { condaPrefix }),
      ...(virtualEnv === undefined ? {} : { virtualEnv }),
    })
    const { name, version } = resolved.engine
    if (pinned && (pinned.name !== name || pinned.version !== version)) {
      throw new BullpenError('ENGINE_DIFFERS', {
        wanted: `${pinned.name} ${pinned.version}`,
        actual: `${name} ${version}`,
      })
    }
    this.note(`engine: ${resolved.note}`)
    return resolved
  }

  async pool(engine: ResolvedEngine, threads: number): Promise<TrainingPool> {
    const queue = new MemoryTaskQueue()
    this.closers.add(() => queue.close())
    // Loaded only to train: `bullpen --version` need not wait for it.
    const { openWorkerPool } = await import('#workers')
    const pool = await openWorkerPool({ queue, objects: this.objects(), threads, engine, name: 'local' })
    this.closers.add(() => pool.close())
    return { queue, threads: pool.threads, drain: () => pool.drain() }
  }

  async fleet(): Promise<Fleet> {
    return new PostgresFleet(await this.openDatabase())
  }

  async ledger(): Promise<TaskLedger> {
    return new PostgresTaskLedger(await this.openDatabase())
  }

  async sharedQueue(url: string, route: Route): Promise<TaskQueue> {
    const tls = { ca: this.config.redisCa }
    // Loaded only when there is a shared queue: it takes a third of a second.
    const { openTaskQueue } = await import('#platform/queue')
    const [ledger, leaseTtlMs] = [await this.ledger(), this.config.leaseMs]
    const options = { url, tls, route, onNote: this.note }
    const queue = await openTaskQueue({ ...options, ledger, leaseTtlMs, telemetry: queueTelemetry() })
    this.closers.add(() => queue.close())
    this.note(`queue: ${queue.describe}, route ${route}`)
    this.pages.add(options)
    return queue
  }

  async queuesForPages(): Promise<readonly BoardQueue[]> {
    return this.pages.queues()
  }

  async startTracing(service: string): Promise<void> {
    const { otlpEndpoint: endpoint } = this.config
    const tracing = await startTracing({ endpoint, service, host: hostname(), onNote: this.note })
    this.closers.add(() => tracing.stop())
  }

  async signingKey(): Promise<string> {
    const { signingKey, home } = this.config
    const isWhole = (text: string) => text.includes('PRIVATE KEY')
    if (signingKey !== undefined) return readSecret(signingKey, { what: 'a private key', isWhole })
    return secretFile(join(home, 'signing-key.pem'), { what: 'a private key', make: newSigningKey, isWhole })
  }

  async target(name: TargetName): Promise<Target> {
    // Loaded only to rent something.
    const { openTarget } = await import('./open-target.ts')
    return openTarget(name, this.config, this.note)
  }

  runFolder(runId: string): string {
    return join(this.config.home, 'runs', runId)
  }

  async close(): Promise<void> {
    await this.pages.close()
    await this.closers.closeAll()
  }

  private openDatabase(): Promise<Database> {
    const { databaseUrl, home } = this.config
    if (databaseUrl === undefined && !this.database) {
      this.note(`registry: embedded PostgreSQL under ${home} (DATABASE_URL names another)`)
    }
    this.database ??= openDatabase({ url: databaseUrl, home, onNote: this.note }).then((database) => {
      this.closers.add(() => database.close())
      return database
    })
    return this.database
  }
}
