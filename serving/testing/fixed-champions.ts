import { formatTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { Champions, SeriesKey, ServedModel } from '../ports.ts'

type SwapListener = (now: ServedModel, before: ServedModel | undefined) => void

/** Models that answer because they were given; nobody watches or tries them. */
export class FixedChampions implements Champions {
  readonly #models: ServedModel[]
  readonly #listeners: SwapListener[] = []
  /** What was told of answers. */
  readonly reports: { readonly version: number; readonly outcome: string }[] = []

  constructor(...models: ServedModel[]) {
    this.#models = models
  }

  of({ symbol, widthMs }: SeriesKey): ServedModel {
    const found = this.#models.find(({ manifest: { data } }) => data.symbol === symbol && data.widthMs === widthMs)
    if (found) return found
    const known = this.#models.map(({ manifest: { data } }) => `${data.symbol} ${formatTimeframe(data.widthMs)}`)
    throw new BullpenError('SERIES_NOT_SERVED', {
      symbol,
      timeframe: formatTimeframe(widthMs),
      known: known.join(', ') || 'none',
    })
  }

  all(): readonly ServedModel[] {
    return [...this.#models]
  }

  unknown(): undefined {
    return undefined
  }

  onSwap(listener: SwapListener): void {
    this.#listeners.push(listener)
  }

  report(version: number, outcome: 'ok' | 'failed' | 'not-finite'): void {
    this.reports.push({ version, outcome })
  }

  /** Lets a model answer in the place of the one of its series. */
  swap(model: ServedModel): void {
    const { symbol, widthMs } = model.manifest.data
    const place = this.#models.findIndex(({ manifest: { data } }) => data.symbol === symbol && data.widthMs === widthMs)
    const before = this.#models[place]
    this.#models.splice(place < 0 ? this.#models.length : place, before ? 1 : 0, model)
    for (const listener of this.#listeners) listener(model, before)
  }
}
