import { BullpenError } from '#core/errors'
import type { Champions, SeriesKey, ServedModel } from '../../ports.ts'

type Outcome = Parameters<Champions['report']>[1]

/** Champions that a test swaps by hand; a bad outcome swaps to `instead` when there is one. */
export class ScriptedChampions implements Champions {
  readonly reports: [version: number, outcome: Outcome][] = []
  instead: ServedModel | undefined
  #now: ServedModel | undefined
  readonly #listeners: ((now: ServedModel, before: ServedModel | undefined) => void)[] = []

  constructor(now?: ServedModel) {
    this.#now = now
  }

  of({ symbol }: SeriesKey): ServedModel {
    if (this.#now) return this.#now
    throw new BullpenError('NO_MODEL', { symbol, timeframe: '4h' })
  }

  all(): readonly ServedModel[] {
    return this.#now ? [this.#now] : []
  }

  unknown(): undefined {
    return undefined
  }

  onSwap(listener: (now: ServedModel, before: ServedModel | undefined) => void): void {
    this.#listeners.push(listener)
  }

  report(version: number, outcome: Outcome): void {
    this.reports.push([version, outcome])
    const { instead } = this
    this.instead = undefined
    if (outcome !== 'ok' && instead) this.swap(instead)
  }

  swap(now: ServedModel): void {
    const before = this.#now
    this.#now = now
    for (const listener of this.#listeners) listener(now, before)
  }
}
