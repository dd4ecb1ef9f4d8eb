import type { DriftAction, DriftActions } from '#core/registry'
import type { Demotion, Demotions, SeriesKey } from '../ports.ts'

/**
 * Which models only hold, as the store of drift actions says: known to every replica within a look, and after a
 * restart. What was known stays while the store is away.
 */
export class KnownDemotions implements Demotions {
  readonly #actions: Pick<DriftActions, 'of'>
  readonly #known = new Map<
    string,
    { readonly version: number; readonly key: SeriesKey; readonly demotion: Demotion }
  >()
  readonly #listeners: ((key: SeriesKey) => void)[] = []

  constructor(actions: Pick<DriftActions, 'of'>) {
    this.#actions = actions
  }

  of(version: number, key: SeriesKey): Demotion | undefined {
    return this.#known.get(nameOf(version, key))?.demotion
  }

  onChange(listener: (key: SeriesKey) => void): void {
    this.#listeners.push(listener)
  }

  /** Reads what is recorded of the versions that answer, and forgets the others and those reinstated. */
  async look(versions: readonly number[]): Promise<void> {
    const recorded = (await Promise.all(versions.map((version) => this.#actions.of(version)))).flat()
    const demoting = recorded.filter(({ kind, reinstated }) => kind === 'hold-only' && !reinstated)
    const names = new Set(demoting.map((action) => nameOf(action.version, action)))
    for (const [name, { version, key }] of this.#known) {
      if (names.has(name)) continue
      this.#known.delete(name)
      if (versions.includes(version)) this.#changed(key)
    }
    for (const action of demoting) this.#add(action)
  }

  #add({ version, symbol, widthMs, reason, at }: DriftAction): void {
    const name = nameOf(version, { symbol, widthMs })
    if (this.#known.has(name)) return
    const key = { symbol, widthMs }
    this.#known.set(name, { version, key, demotion: { reason, since: at } })
    this.#changed(key)
  }

  #changed(key: SeriesKey): void {
    for (const listener of this.#listeners) listener(key)
  }
}

function nameOf(version: number, { symbol, widthMs }: SeriesKey): string {
  return JSON.stringify([version, symbol, widthMs])
}
