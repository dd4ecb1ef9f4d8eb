import type { ChangeFeed, ChangeTopic } from '#core/registry'

/** Tells within one process, when it is told to. */
export class MemoryChangeFeed implements ChangeFeed {
  readonly #watchers: { readonly topic: ChangeTopic; readonly onChange: () => void }[] = []

  watch(topic: ChangeTopic, onChange: () => void): Promise<() => Promise<void>> {
    const watcher = { topic, onChange }
    this.#watchers.push(watcher)
    return Promise.resolve(() => {
      const place = this.#watchers.indexOf(watcher)
      if (place >= 0) this.#watchers.splice(place, 1)
      return Promise.resolve()
    })
  }

  /** Something changed. */
  tell(topic: ChangeTopic): void {
    for (const watcher of [...this.#watchers]) if (watcher.topic === topic) watcher.onChange()
  }
}
