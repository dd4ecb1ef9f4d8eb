import { formatTimeframe } from '#core/candles'
import { BullpenError, toErrorData } from '#core/errors'
import { championAlias, type ChangeFeed } from '#core/registry'
import type { Champions, SeriesKey, ServedModel } from '../ports.ts'
import {
  defaultChampionOptions,
  type AliasToServe,
  type ChampionOptions,
  type ChampionParts,
} from './champion-parts.ts'
import { within } from './deadline.ts'
import { ServedAlias } from './served-alias.ts'

export interface ChampionHolderParts extends ChampionParts {
  readonly feed: ChangeFeed
}

/**
 * The models that answer, one for each alias served ({@link ServedAlias} says how it comes to answer). Each serves a
 * series of its own; a model for a series that another alias answers for is refused. Moves are told by the change feed,
 * and looked for at intervals besides.
 */
export class ChampionHolder implements Champions {
  readonly #parts: ChampionHolderParts
  readonly #options: ChampionOptions
  readonly #aliases: readonly ServedAlias[]
  readonly #listeners: ((now: ServedModel, before: ServedModel | undefined) => void)[] = []
  #watching: Promise<() => Promise<void>> | undefined
  #poll: NodeJS.Timeout | undefined

  constructor(
    parts: ChampionHolderParts,
    {
      aliases = [{ alias: championAlias }],
      ...options
    }: Partial<ChampionOptions> & { readonly aliases?: readonly AliasToServe[] } = {},
  ) {
    this.#parts = parts
    this.#options = { ...defaultChampionOptions, ...options }
    this.#aliases = aliases.map(
      (alias) =>
        new ServedAlias(alias, parts, this.#options, {
          onSwap: (now, before) => {
            this.#tell(now, before)
          },
          takenBy: (series) =>
            this.#aliases.find((other) => other.alias !== alias.alias && serves(other, series))?.alias,
        }),
    )
  }

  /**
   * Resolves when each alias has its model, from the registry or else from the cache, or it is known that it has none
   * for now: then it goes on trying.
   */
  async start(): Promise<void> {
    const { startMs, pollMs } = this.#options
    this.#watching = this.#parts.feed.watch('aliases', () => {
      this.#look()
    })
    const never = new AbortController().signal
    const late = (): Error => new Error('no connection yet')
    // A feed that listens later tells of it, so nothing is missed.
    await within(this.#watching, startMs, late, never).catch(() => undefined)
    // One after the other: of two aliases for one series the first has it, on every replica.
    for (const alias of this.#aliases) await alias.start()
    this.#poll = setInterval(() => {
      this.#look()
    }, pollMs).unref()
  }

  of(key: SeriesKey): ServedModel {
    for (const alias of this.#aliases) if (serves(alias, key)) return alias.current!
    const { symbol, widthMs } = key
    const timeframe = formatTimeframe(widthMs)
    if (this.#aliases.some(({ current }) => current === undefined)) {
      const unknown = this.unknown()
      if (unknown) throw unknown
      throw new BullpenError('NO_MODEL', { symbol, timeframe })
    }
    const known = this.all().map(({ manifest: { data } }) => `${data.symbol} ${formatTimeframe(data.widthMs)}`)
    throw new BullpenError('SERIES_NOT_SERVED', { symbol, timeframe, known: known.join(', ') })
  }

  all(): readonly ServedModel[] {
    return this.#aliases.map(({ current }) => current).filter((model) => model !== undefined)
  }

  unknown(): BullpenError | undefined {
    return this.#aliases.find(({ unknown }) => unknown !== undefined)?.unknown
  }

  onSwap(listener: (now: ServedModel, before: ServedModel | undefined) => void): void {
    this.#listeners.push(listener)
  }

  report(version: number, outcome: 'ok' | 'failed' | 'not-finite'): void {
    for (const alias of this.#aliases) alias.report(version, outcome)
  }

  /** Resolves when no look, trial or write is under way; what is away is not waited for. */
  async settled(): Promise<void> {
    for (const alias of this.#aliases) await alias.settled()
  }

  /** The models go on answering; nothing new comes. */
  async close(): Promise<void> {
    clearInterval(this.#poll)
    const end = await this.#watching
    await Promise.all([end?.(), ...this.#aliases.map((alias) => alias.close())])
  }

  #look(): void {
    for (const alias of this.#aliases) void alias.look()
  }

  /** A listener that throws keeps no other from hearing, and undoes no swap. */
  #tell(now: ServedModel, before: ServedModel | undefined): void {
    for (const listener of this.#listeners) {
      try {
        listener(now, before)
      } catch (error) {
        this.#parts.logger.error('a listener to swaps failed', { error: toErrorData(error) })
      }
    }
  }
}

function serves({ current }: ServedAlias, { symbol, widthMs }: SeriesKey): boolean {
  return current?.manifest.data.symbol === symbol && current.manifest.data.widthMs === widthMs
}
