import { formatTimeframe } from '#core/candles'
import { decodeDriftReference, readDrift, type DriftReading, type DriftReference } from '#core/drift'
import { asBullpenError } from '#core/errors'
import type { DriftActionKind, DriftActions, ObjectStore } from '#core/registry'
import type { Champions, EventHub, PredictionLog, SeriesBook, SeriesKey, ServedModel } from '../ports.ts'
import type { KnownDemotions } from './demotions.ts'
import type { DriftPolicy } from './drift-policy.ts'
import { watchedWindow } from './watched-window.ts'

export interface DriftMonitorParts {
  readonly book: SeriesBook
  readonly champions: Champions
  readonly log: Pick<PredictionLog, 'page'>
  readonly objects: Pick<ObjectStore, 'get'>
  readonly actions: DriftActions
  readonly demotions: KnownDemotions
  readonly events: Pick<EventHub, 'emit'>
  /** Takes the alias of a version back to the one before. Throws NO_EARLIER_VERSION; ALIAS_MOVED when it answers no more. */
  readonly rollBack: (version: number, reason: string) => Promise<void>
  /** Given every reading: the gauges. */
  readonly observe?: (key: SeriesKey, reading: DriftReading) => void
  readonly onNote?: (text: string, error?: unknown) => void
  /** ms; the system's unless given. */
  readonly clock?: () => number
}

export interface DriftMonitorOptions {
  readonly policy: DriftPolicy
  /** Whether drift of any kind asks for a retraining. */
  readonly retrain: boolean
  /** New candles in a row that must show drift before anything but word of it follows: 3 unless given. */
  readonly confirmations?: number
}

/** What is known of one series: of the model that answers now. */
interface Watched {
  readonly version: number
  readonly reference: DriftReference | undefined
  newestOpenTime: number
  /** Metrics beyond their limits, in words, as last told. */
  told: string
  adverse: number
  drifted: number
  /** Done, or seen done by another replica. */
  readonly acted: Set<DriftActionKind>
}

/**
 * Watches the models that answer. Each new candle is judged once against the reference of the version:
 *
 *     quiet ──beyond a limit──▶ drifting ──confirmed, adverse──▶ acted (demoted or rolled back), once a version
 *       ▲ ▲                        │ └─────confirmed───────────▶ retrain wanted, once a version
 *       │ └──within all limits─────┘
 *       └─────────────────────────── demoted, then reinstated by a person: drift must be confirmed anew
 *
 * Nothing here stands between a question and its answer: when log, objects or database are away, watching waits.
 */
export class DriftMonitor {
  readonly #parts: Required<DriftMonitorParts>
  readonly #options: Required<DriftMonitorOptions>
  readonly #watched = new Map<string, Watched>()
  #timer: NodeJS.Timeout | undefined
  #checking: Promise<void> | undefined

  constructor(parts: DriftMonitorParts, options: DriftMonitorOptions) {
    this.#parts = { clock: Date.now, observe: () => undefined, onNote: () => undefined, ...parts }
    this.#options = { confirmations: 3, ...options }
  }

  /** Checks now and at intervals, a minute unless given, until {@link stop}. Resolves after the first check. */
  async start(everyMs = 60_000): Promise<void> {
    this.#timer ??= setInterval(() => void this.check(), everyMs).unref()
    await this.check()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#checking
  }

  /** Judges every series that has a new candle. One check at a time; never throws. */
  check(): Promise<void> {
    this.#checking ??= this.#checkAll().finally(() => (this.#checking = undefined))
    return this.#checking
  }

  async #checkAll(): Promise<void> {
    const { champions, demotions, onNote } = this.#parts
    try {
      await demotions.look(champions.all().map(({ version }) => version))
      for (const served of champions.all()) {
        const { symbol, widthMs } = served.manifest.data
        await this.#checkSeries({ symbol, widthMs }, served)
      }
    } catch (error) {
      onNote('drift could not be watched; the next check tries again', error)
    }
  }

  async #checkSeries(key: SeriesKey, served: ServedModel): Promise<void> {
    const watched = await this.#watchedOf(key, served)
    this.#heedReinstatement(key, watched)
    const [newest] = this.#parts.book.candles(key, 1)
    if (!watched.reference || !newest || newest.openTime <= watched.newestOpenTime) return
    const window = await watchedWindow(key, served, watched.reference, this.#parts)
    if (!window) return
    const reading = readDrift(watched.reference, window)
    watched.newestOpenTime = newest.openTime
    watched.adverse = reading.adverse ? watched.adverse + 1 : 0
    watched.drifted = reading.drifted ? watched.drifted + 1 : 0
    this.#parts.observe(key, reading)
    this.#tell(key, watched, reading)
    await this.#act(key, watched)
  }

  async #watchedOf(key: SeriesKey, { version, manifest }: ServedModel): Promise<Watched> {
    const name = `${key.symbol} ${formatTimeframe(key.widthMs)}`
    const known = this.#watched.get(name)
    if (known?.version === version) return known
    const named = manifest.driftReference
    if (!named) this.#parts.onNote(`version ${version} was registered without a drift reference: it is not watched`)
    const reference = named && decodeDriftReference(await this.#parts.objects.get(named.sha256))
    const acted = new Set<DriftActionKind>()
    const watched = { version, reference, newestOpenTime: -Infinity, told: '', adverse: 0, drifted: 0, acted }
    this.#watched.set(name, watched)
    return watched
  }

  /** The demotion of a version that was reinstated counts for nothing more. */
  #heedReinstatement(key: SeriesKey, watched: Watched): void {
    if (!watched.acted.has('hold-only') || this.#parts.demotions.of(watched.version, key)) return
    watched.acted.delete('hold-only')
    watched.adverse = 0
  }

  /** An event when what is beyond its limit changes, so that a listener hears of a drift once and of its end once. */
  #tell(key: SeriesKey, watched: Watched, { measures, adverse }: DriftReading): void {
    const beyond = measures.filter((measure) => measure.beyond)
    const words = beyond.map(({ metric }) => metric).join(', ')
    if (words === watched.told) return
    watched.told = words
    this.#parts.events.emit({ kind: 'drift', series: key, version: watched.version, adverse, measures: beyond })
  }

  async #act(key: SeriesKey, watched: Watched): Promise<void> {
    const { policy, retrain, confirmations } = this.#options
    const reason = `drift confirmed by ${confirmations} candles: ${watched.told} beyond its limit`
    if (watched.adverse >= confirmations && policy === 'hold-only') await this.#holdOnly(key, watched, reason)
    if (watched.adverse >= confirmations && policy === 'previous-champion') await this.#goBack(key, watched, reason)
    if (watched.drifted >= confirmations && retrain) await this.#record('retrain-wanted', key, watched, reason)
  }

  async #holdOnly(key: SeriesKey, watched: Watched, reason: string): Promise<void> {
    if (watched.acted.has('hold-only')) return
    await this.#record('hold-only', key, watched, reason)
    await this.#parts.demotions.look(this.#parts.champions.all().map(({ version }) => version))
  }

  /** The alias moves only while it points at this version, so of many replicas one moves it. */
  async #goBack(key: SeriesKey, watched: Watched, reason: string): Promise<void> {
    if (watched.acted.has('rolled-back') || watched.acted.has('hold-only')) return
    try {
      await this.#parts.rollBack(watched.version, reason)
    } catch (error) {
      const { code } = asBullpenError(error)
      if (code === 'NO_EARLIER_VERSION')
        return this.#holdOnly(key, watched, `${reason}; there is no champion before it`)
      if (code !== 'ALIAS_MOVED') throw error
    }
    await this.#record('rolled-back', key, watched, reason)
  }

  async #record(kind: DriftActionKind, key: SeriesKey, watched: Watched, reason: string): Promise<void> {
    if (watched.acted.has(kind)) return
    const { actions, clock, onNote } = this.#parts
    const { version } = watched
    const isFirst = await actions.record({ kind, version, ...key, at: clock(), reason })
    watched.acted.add(kind)
    if (isFirst) onNote(`${kind}: version ${version} for ${key.symbol} ${formatTimeframe(key.widthMs)}, ${reason}`)
  }
}
