import type { EventHub, ServiceEvent } from '../ports.ts'

/** An event and the id under which a listener that comes back can say what it has heard. */
export interface HubEntry {
  /** Rises; of another process when its part before the dash differs. */
  readonly id: string
  readonly event: ServiceEvent
}

export interface ServiceEventsOptions {
  /** Events kept for those that come back; 1,000 unless given. */
  readonly kept?: number
  /** Told what a listener threw. */
  readonly onListenerError?: (error: unknown) => void
  /** Tells this process's ids from those of the one before; the time it started unless given. */
  readonly era?: string
}

/**
 * The events of the service: told to every listener at once, in order, and the last ones kept. A listener that throws
 * keeps no other from hearing, nor the one that emits from going on.
 */
export class ServiceEvents implements EventHub {
  readonly #listeners = new Set<(entry: HubEntry) => void>()
  readonly #entries: HubEntry[] = []
  readonly #kept: number
  readonly #era: string
  readonly #onListenerError: (error: unknown) => void
  #emitted = 0

  constructor({
    kept = 1000,
    era = Date.now().toString(36),
    onListenerError = () => undefined,
  }: ServiceEventsOptions = {}) {
    this.#kept = kept
    this.#era = era
    this.#onListenerError = onListenerError
  }

  emit(event: ServiceEvent): void {
    this.#emitted += 1
    const entry = { id: `${this.#era}-${this.#emitted}`, event }
    this.#entries.push(entry)
    if (this.#entries.length > this.#kept) this.#entries.shift()
    // A copy: a listener may leave, or bring another, while it hears.
    for (const listener of [...this.#listeners]) {
      try {
        listener(entry)
      } catch (error) {
        this.#onListenerError(error)
      }
    }
  }

  on(listener: (event: ServiceEvent) => void): () => void {
    return this.follow(({ event }) => {
      listener(event)
    })
  }

  /** As {@link on}, with ids. Answers how to leave. */
  follow(listener: (entry: HubEntry) => void): () => void {
    // One function may listen twice: each call is a listener of its own.
    const own = (entry: HubEntry): void => {
      listener(entry)
    }
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  /**
   * What was emitted after the entry of that id, oldest first: nothing for the newest id, all that is kept for an id
   * that is not (too old, or of an earlier process), since nobody knows what its holder has missed.
   */
  after(id: string): readonly HubEntry[] {
    const heard = this.#entries.findIndex((entry) => entry.id === id)
    return this.#entries.slice(heard + 1)
  }

  /** How many listen now. */
  get listeners(): number {
    return this.#listeners.size
  }
}
