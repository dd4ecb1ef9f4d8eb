import type { GivenVerdict, PredictionLog, VerdictQuery } from '#core/registry'

/** A prediction log that lives as long as the object. */
export class MemoryPredictionLog implements PredictionLog {
  readonly #given = new Map<string, GivenVerdict>()

  append(given: Omit<GivenVerdict, 'id'>): Promise<GivenVerdict> {
    const { symbol, widthMs, openTime, close, verdict, probabilities, version, sha256, at } = given
    const { sell, hold, buy } = probabilities
    const key = JSON.stringify([symbol, widthMs, openTime, close, version, sell, hold, buy])
    const id = this.#given.size + 1
    const kept = { id, symbol, widthMs, openTime, close, verdict, probabilities, version, sha256, at }
    const logged = this.#given.get(key) ?? structuredClone(kept)
    this.#given.set(key, logged)
    return Promise.resolve(logged)
  }

  page(query: VerdictQuery): Promise<readonly GivenVerdict[]> {
    const { symbol, widthMs, from = -Infinity, to = Infinity, before = Infinity, limit } = query
    const matching = [...this.#given.values()].filter(
      (given) =>
        (symbol === undefined || given.symbol === symbol) &&
        (widthMs === undefined || given.widthMs === widthMs) &&
        given.openTime >= from &&
        given.openTime <= to &&
        given.id < before,
    )
    return Promise.resolve(matching.reverse().slice(0, limit))
  }
}
