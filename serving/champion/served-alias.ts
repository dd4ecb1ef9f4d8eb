import { asBullpenError, BullpenError, toErrorData } from '#core/errors'
import type { AliasMove } from '#core/registry'
import type { SeriesKey, ServedModel } from '../ports.ts'
import { aliasCandidates, type AliasCandidate } from './alias-candidates.ts'
import type { AliasToServe, ChampionOptions, ChampionParts } from './champion-parts.ts'
import { Coalesced } from './coalesced.ts'
import { within } from './deadline.ts'
import { loadChampion, seriesOf, type Post } from './load-champion.ts'
import type { CachedAlias, Condemned } from './model-cache.ts'
import { Outage } from './outage.ts'
import { registryLate, tryChampion } from './try-champion.ts'
import { Watchdog } from './watchdog.ts'

/** What an alias needs of its holder. */
export interface AliasHooks {
  /** Right after a swap, in the same turn. */
  readonly onSwap: (now: ServedModel, before: ServedModel | undefined) => void
  /** Which other alias answers for a series already, if any. */
  readonly takenBy: (series: SeriesKey) => string | undefined
}

/** Verdicts of the watchdog kept on disk; only the newest can still matter to the registry. */
const condemnedKept = 16

/**
 * One alias and the model that answers for it.
 *
 *     empty   --the alias points at a version-------------> trying
 *     empty   --registry or objects away, a model cached--> serving
 *     trying  --sound-------------------------------------> serving, by one assignment
 *     trying  --at fault----------------------------------> told and remembered; then the version of the move before is
 *                                                           tried, until one is sound or serves already
 *     trying  --registry, objects or candles away---------> as before; tried again after a pause
 *     trying  --the alias moves---------------------------> what was tried is let go; the newest is tried
 *     serving --the alias points elsewhere----------------> trying, and goes on serving
 *     serving --too many bad answers soon after a swap----> the model before serves; the alias is rolled back
 *
 * A version at fault is not tried again until the alias moves to it again. Versions are tried one at a time, so an
 * older one never comes last.
 */
export class ServedAlias {
  readonly alias: string
  readonly #parts: ChampionParts
  readonly #options: ChampionOptions
  readonly #hooks: AliasHooks
  readonly #watchdog: Watchdog
  readonly #outage: Outage
  readonly #looks = new Coalesced(() => this.#look())
  readonly #closing = new AbortController()
  #post: Post
  #current: ServedModel | undefined
  #previous: ServedModel | undefined
  /** As they were when the registry was last read. */
  #moves: readonly AliasMove[] = []
  /** Versions at fault, each with the newest move to it at the time. */
  readonly #atFault = new Map<number, number>()
  #condemned: readonly Condemned[] = []
  #toUndo: Condemned | undefined
  /** Something was away, and is to be tried again. */
  #isPending = false
  #unknown: BullpenError | undefined
  #attempt = new AbortController()
  #trying: Promise<void> | null = null
  #caching: Promise<void> = Promise.resolve()

  constructor({ alias, series }: AliasToServe, parts: ChampionParts, options: ChampionOptions, hooks: AliasHooks) {
    this.alias = alias
    this.#parts = parts
    this.#options = options
    this.#hooks = hooks
    this.#post = { alias, series, takenBy: hooks.takenBy }
    this.#watchdog = new Watchdog(options.watch)
    this.#outage = new Outage(parts.logger, options, () => void this.look())
  }

  get current(): ServedModel | undefined {
    return this.#current
  }

  /** Why no model answers, while that is because something is away. */
  get unknown(): BullpenError | undefined {
    return this.#current ? undefined : this.#unknown
  }

  /** Resolves when a model serves, or none can for now. */
  async start(): Promise<void> {
    const cached = await this.#parts.cache.alias(this.alias)
    this.#condemned = cached?.condemned ?? []
    this.#toUndo = this.#condemned.at(-1)
    for (const { version, move } of this.#condemned) this.#atFault.set(version, move)
    const first = this.look().then(() => this.#trying)
    const late = (): Error => new Error('the registry takes its time')
    await within(first, this.#options.startMs, late, this.#closing.signal).catch(() => undefined)
    if (cached && !this.#current) await this.#restore(cached)
  }

  /** Something may have changed: reads where the alias points and begins to follow it. Never rejects. */
  look(): Promise<void> {
    return this.#looks.ask()
  }

  /** Resolves when nothing is under way; what is away is not waited for. */
  async settled(): Promise<void> {
    for (let work = this.#underWay(); work !== null; work = this.#underWay()) await work
    await this.#caching
  }

  report(version: number, outcome: 'ok' | 'failed' | 'not-finite'): void {
    if (outcome === 'ok' || version !== this.#current?.version) return
    const reason = this.#watchdog.condemns(version, outcome, this.#options.clock())
    if (reason !== null && this.#previous) this.#takeBack(this.#current, this.#previous, reason)
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('closing'))
    this.#outage.stop()
    await this.settled()
  }

  #underWay(): Promise<void> | null {
    return this.#looks.running ?? this.#trying
  }

  async #look(): Promise<void> {
    try {
      if (this.#toUndo) await this.#undo(this.#toUndo)
      const moves = await this.#asked(this.#parts.registry.history(this.alias))
      const hasMoved = moves.length !== this.#moves.length
      this.#moves = moves
      if (hasMoved || this.#isPending) this.#follow()
      else if (!this.#trying) this.#back()
    } catch (error) {
      this.#away(error)
    }
  }

  /** Tries the newest version; what is being tried is let go first, so that one comes after the other. */
  #follow(): void {
    this.#isPending = false
    this.#attempt.abort(new Error('the alias has moved'))
    this.#attempt = new AbortController()
    const signal = AbortSignal.any([this.#attempt.signal, this.#closing.signal])
    const trying = (this.#trying ?? Promise.resolve())
      .then(() => this.#tryCandidates(signal))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#away(error)
      })
      .finally(() => {
        if (this.#trying === trying) this.#trying = null
      })
    this.#trying = trying
  }

  /** Throws when something is away, or the signal's reason. */
  async #tryCandidates(signal: AbortSignal): Promise<void> {
    try {
      for (const candidate of aliasCandidates(this.#moves)) {
        if (candidate.version === this.#current?.version) break
        if (this.#atFault.get(candidate.version) === candidate.move) continue
        if (await this.#isSwappedIn(candidate, signal)) break
      }
    } finally {
      // Trying may have left the series with the feature set of another model.
      if (!signal.aborted) await this.#serveSeries()
    }
    this.#back()
  }

  async #isSwappedIn({ version, move }: AliasCandidate, signal: AbortSignal): Promise<boolean> {
    const { manifest } = await this.#asked(this.#parts.registry.get(version), signal)
    const loaded = this.#previous?.version === version ? this.#previous.model : undefined
    const trial = await tryChampion({ version, manifest }, this.#post, this.#parts, this.#options, signal, loaded)
    signal.throwIfAborted()
    if (trial.fault) {
      this.#atFault.set(version, move)
      this.#tellRefusal(version, trial.fault)
      return false
    }
    // What answered before a rollback was undone by somebody: not to be gone back to.
    const isWatched = this.#moves.at(-1)?.kind !== 'rollback'
    const next = { version, manifest, model: trial.model, since: this.#options.clock() }
    this.#swap(next, isWatched)
    if (this.#current === next) this.#cache(trial.bytes)
    return true
  }

  #tellRefusal(version: number, { code, message }: BullpenError): void {
    this.#parts.logger.warn(`version ${version} is refused: ${message}`, { alias: this.alias, version, code })
    this.#parts.events.emit({ kind: 'model-refused', version, code, reason: message })
  }

  /** One assignment, and in the same turn, before anybody can ask the new model, its listeners hear of it. */
  #swap(next: ServedModel, isWatched: boolean): void {
    const before = this.#current
    this.#current = next
    this.#previous = before
    this.#post = { ...this.#post, series: this.#post.series ?? seriesOf(next.manifest) }
    if (before && isWatched) this.#watchdog.watch(next.version, next.since)
    else this.#watchdog.rest()
    const { version, manifest } = next
    const told = { version, before: before?.version ?? null, sha256: manifest.model.sha256 } as const
    this.#parts.logger.info(`version ${version} answers for alias ${this.alias}`, told)
    this.#parts.events.emit({ kind: 'model', ...told })
    // Last, because a listener may ask the new model at once, report it, and have it taken back before this returns.
    this.#hooks.onSwap(next, before)
  }

  #takeBack(bad: ServedModel, good: ServedModel, reason: string): void {
    const move = aliasCandidates(this.#moves).find(({ version }) => version === bad.version)?.move ?? 0
    this.#toUndo = { version: bad.version, move, reason }
    this.#atFault.set(bad.version, move)
    this.#condemned = [...this.#condemned, this.#toUndo].slice(-condemnedKept)
    this.#parts.logger.error(`${reason}: version ${good.version} answers again`, { alias: this.alias })
    this.#parts.events.emit({ kind: 'rollback', from: bad.version, to: good.version, reason })
    this.#swap({ ...good, since: this.#options.clock() }, false)
    this.#cache()
    this.#follow()
    void this.look()
  }

  /** Rolls the alias back, unless somebody has moved it since. */
  async #undo(condemned: Condemned): Promise<void> {
    const { registry, logger } = this.#parts
    const { version, move, reason } = condemned
    const moves = await this.#asked(registry.history(this.alias))
    if (moves.length === move) {
      await this.#asked(registry.rollback(this.alias, reason, version)).catch((error: unknown) => {
        if (!(error instanceof BullpenError) || error.retryable) throw error
        logger.warn(`alias ${this.alias} is not rolled back: ${error.message}`, { version })
      })
    }
    if (this.#toUndo === condemned) this.#toUndo = undefined
  }

  async #serveSeries(): Promise<void> {
    if (!this.#current) return
    const { manifest, model } = this.#current
    await this.#asked(this.#parts.book.serve(seriesOf(manifest), model.set))
  }

  /** Without registry or objects the model that answered last answers again: it was sound then. */
  async #restore({ serving }: CachedAlias): Promise<void> {
    const { cache, logger } = this.#parts
    const kept = async (sha256: string): Promise<Uint8Array> => {
      const bytes = await cache.bytes(sha256)
      if (bytes) return bytes
      throw new BullpenError('OBJECT_NOT_FOUND', { sha256, store: 'the local cache of models' })
    }
    try {
      const model = await loadChampion(serving, this.#post, { get: kept })
      if (this.#current) return
      this.#swap({ ...serving, model, since: this.#options.clock() }, false)
    } catch (error) {
      logger.warn(`version ${serving.version} cannot be served from the cache: ${toErrorData(error).message}`)
      return
    }
    await this.#serveSeries().catch((error: unknown) => {
      this.#away(error)
    })
  }

  #cache(bytes?: Uint8Array): void {
    const { cache, logger } = this.#parts
    const { version, manifest } = this.#current!
    const known = { serving: { version, manifest }, condemned: this.#condemned }
    this.#caching = this.#caching
      .then(() => cache.keep(this.alias, known, bytes))
      .catch((error: unknown) => {
        logger.warn(`version ${version} is not kept for a restart: ${toErrorData(error).message}`)
      })
  }

  #away(error: unknown): void {
    this.#isPending = true
    // Only the code goes into answers: what a driver says may name hosts and paths.
    const words = { alias: this.alias, cause: asBullpenError(error).code }
    this.#unknown = new BullpenError('CHAMPION_UNKNOWN', words, { cause: error })
    const meanwhile = this.#current ? `version ${this.#current.version} goes on answering` : 'no model answers yet'
    this.#outage.began(error, `${meanwhile} for alias ${this.alias}; trying again`)
  }

  #back(): void {
    if (this.#isPending) return
    this.#unknown = undefined
    this.#outage.ended(`alias ${this.alias} is followed again`)
  }

  /** The registry's answer, or the candles', within the time set for it. */
  #asked<T>(answer: Promise<T>, signal: AbortSignal = this.#closing.signal): Promise<T> {
    const { registryMs } = this.#options
    return within(answer, registryMs, () => registryLate(registryMs), signal)
  }
}
