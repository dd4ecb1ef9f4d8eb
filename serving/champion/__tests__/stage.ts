import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryCandleStore, MemoryChangeFeed, MemoryFeatureSnapshots } from '#platform/memory'
import { MemoryModelRegistry, MemoryObjectStore } from '#platform/memory'
import { BullpenError } from '#core/errors'
import { featureSet } from '#core/features'
import { exampleModelColumns, exampleModelJson } from '#core/model/testing'
import type { ModelManifest, ModelRegistry } from '#core/registry'
import { exampleManifest } from '#core/registry/testing'
import { silentLogger, type Logger } from '#platform/logging'
import { readForestHere } from '../read-forest.ts'
import type { SeriesBook, ServiceEvent } from '../../ports.ts'
import { ServiceEvents } from '../../events/service-events.ts'
import { FeatureBook } from '../../series/feature-book.ts'
import { after, bitcoin, history } from '../../series/__tests__/histories.ts'
import { ChampionHolder, ModelCache, type AliasToServe, type ChampionOptions } from '../index.ts'

const candles = history(5, 340)
const encoder = new TextEncoder()

/** What can be wrong with a version, and what it is refused with. */
export const faults = {
  corrupted: 'OBJECT_CORRUPT',
  missing: 'OBJECT_NOT_FOUND',
  truncated: 'MODEL_INVALID',
  'a literal NaN': 'MODEL_INVALID',
  'an infinite leaf': 'MODEL_INVALID',
  'another objective': 'MODEL_INVALID',
  'two classes': 'MODEL_INVALID',
  'more columns than its contract': 'MATRIX_MISMATCH',
  'an unknown column': 'MATRIX_MISMATCH',
  'another feature-set hash': 'FEATURES_DIFFER',
  'an unknown feature set': 'UNKNOWN_NAME',
  'another symbol': 'MODEL_SERIES_DIFFERS',
  'another width': 'MODEL_SERIES_DIFFERS',
  'a wrong length': 'MANIFEST_INVALID',
  'one verdict for ever': 'REHEARSAL_FAILED',
} as const
export type Fault = keyof typeof faults

/** Registry, objects, candles and a change feed that can be taken away, and holders over them. */
export class Stage {
  readonly registry = new MemoryModelRegistry()
  readonly objects = new MemoryObjectStore()
  readonly feed = new MemoryChangeFeed()
  readonly home = mkdtempSync(join(tmpdir(), 'bullpen-champion-'))
  readonly events: ServiceEvent[] = []
  readonly lines: string[] = []
  readonly away = { registry: false, objects: false }
  /** Called before each answer of the registry or of the objects. */
  before: (asked: 'history' | 'get' | 'rollback' | 'object') => Promise<void> = () => Promise.resolve()
  now = 1_700_000_000_000
  #book: SeriesBook | undefined
  readonly #holders: ChampionHolder[] = []
  #published = 0

  async book(): Promise<SeriesBook> {
    if (this.#book) return this.#book
    const store = new MemoryCandleStore()
    await store.import(bitcoin.symbol, bitcoin.widthMs, candles, 0)
    this.#book = new FeatureBook({ store, snapshots: new MemoryFeatureSnapshots(), clock: after(candles) })
    return this.#book
  }

  /** A holder that has not started. */
  async holder(
    options: Partial<ChampionOptions> & { aliases?: readonly AliasToServe[]; home?: string } = {},
  ): Promise<ChampionHolder> {
    const events = new ServiceEvents()
    events.on((event) => this.events.push(event))
    const { home = this.home, ...rest } = options
    const cache = new ModelCache(join(home, 'models'))
    const parts = {
      registry: this.#registry(),
      objects: this.#objects(),
      feed: this.feed,
      cache,
      events,
      readForest: readForestHere,
    }
    const holder = new ChampionHolder(
      { ...parts, book: await this.book(), logger: this.#logger() },
      // Pauses only end early what is waited for; nothing waits for the poll, and a start may take as long as it likes.
      { firstPauseMs: 1, longestPauseMs: 4, pollMs: 1e6, startMs: 60_000, clock: () => this.now, ...rest },
    )
    this.#holders.push(holder)
    return holder
  }

  async started(options: Parameters<Stage['holder']>[0] = {}): Promise<ChampionHolder> {
    const holder = await this.holder(options)
    await holder.start()
    await holder.settled()
    return holder
  }

  /** Registers a version, sound or with a fault, and answers its number. */
  async publish(fault?: Fault): Promise<number> {
    const run = `run-${++this.#published}`
    const document = exampleModelJson(run)
    const { learner } = document
    const leaves = learner.gradient_booster.model.trees.map((tree) => tree.split_conditions)
    if (fault === 'another objective') learner.objective.name = 'reg:squarederror'
    if (fault === 'more columns than its contract') learner.learner_model_param.num_feature = '4'
    if (fault === 'one verdict for ever') learner.learner_model_param.base_score = '[0,0,9E2]'
    if (fault === 'two classes') {
      learner.learner_model_param.num_class = '2'
      learner.gradient_booster.model.tree_info = leaves.map((_, i) => i % 2)
    }
    let text = JSON.stringify(document)
    if (fault === 'truncated') text = text.slice(0, -100)
    if (fault === 'an infinite leaf') text = text.replace(`${leaves[0]!.at(-1)!}`, '1e99')
    if (fault === 'a literal NaN') text = text.replace(`${leaves[0]!.at(-1)!}`, 'NaN')
    const content = encoder.encode(text)
    const sha256 = await this.objects.put(content)
    if (fault === 'corrupted') this.objects.damage(sha256, encoder.encode(text.replace('15', '16')))
    const bytes = content.byteLength + (fault === 'a wrong length' ? 1 : 0)
    const named = fault === 'missing' ? sha256.replaceAll('0', '1').replaceAll('2', '3') : sha256
    const model = { sha256: named, bytes, format: 'xgboost-json' } as const
    return (await this.registry.publish(manifestOf(run, fault, model))).version
  }

  async promote(version: number, alias = 'champion'): Promise<void> {
    await this.registry.moveAlias(alias, version, 'test', { override: { reason: 'test', by: 'test' } })
    this.feed.tell('aliases')
  }

  async close(): Promise<void> {
    for (const holder of this.#holders) await holder.close()
    rmSync(this.home, { recursive: true, force: true })
  }

  kinds(kind: ServiceEvent['kind']): ServiceEvent[] {
    return this.events.filter((event) => event.kind === kind)
  }

  #registry(): Pick<ModelRegistry, 'history' | 'get' | 'rollback'> {
    const { registry } = this
    return {
      history: (alias) => this.#asked('history', () => registry.history(alias)),
      get: (version) => this.#asked('get', () => registry.get(version)),
      rollback: (alias, reason, from) => this.#asked('rollback', () => registry.rollback(alias, reason, from)),
    }
  }

  #objects() {
    const { objects } = this
    return { describe: 'memory', get: (name: string) => this.#asked('object', () => objects.get(name)) }
  }

  async #asked<T>(what: Parameters<Stage['before']>[0], answer: () => Promise<T>): Promise<T> {
    await this.before(what)
    if (what === 'object' && this.away.objects) {
      throw new BullpenError('OBJECT_STORE_UNAVAILABLE', { store: 'memory', reason: 'taken away' })
    }
    if (what !== 'object' && this.away.registry) {
      throw new BullpenError('DATABASE_UNAVAILABLE', { database: 'memory', reason: 'taken away' })
    }
    return answer()
  }

  #logger(): Logger {
    const line = (message: string): void => void this.lines.push(message)
    return { ...silentLogger, info: line, warn: line, error: line }
  }
}

function manifestOf(run: string, fault: Fault | undefined, model: ModelManifest['model']): ModelManifest {
  const set = featureSet('reference')
  const columns = fault === 'an unknown column' ? ['RSI14', 'MA20_REL', 'nonsense'] : exampleModelColumns
  const featureSetHash = fault === 'another feature-set hash' ? 'a'.repeat(64) : set.hash
  const name = fault === 'an unknown feature set' ? 'future' : set.name
  const contract = { featureSet: name, featureSetHash, columns, policy: { kind: 'argmax' } } as const
  const { data } = exampleManifest(run)
  const symbol = fault === 'another symbol' ? 'ETH/USDT' : data.symbol
  const widthMs = fault === 'another width' ? 3_600_000 : data.widthMs
  return exampleManifest(run, { contract, model, data: { ...data, symbol, widthMs } })
}
