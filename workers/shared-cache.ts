/**
 * Shared memory by key, made once: whoever asks while it is being made waits for the same one. Holds at most
 * `limitBytes`, giving up the least recently used first; what is given up lives on for as long as a task holds it. What
 * alone is larger than the limit is made and handed out but not kept.
 */
export class SharedCache {
  private readonly limitBytes: number
  private readonly kept = new Map<string, SharedArrayBuffer>()
  private readonly making = new Map<string, Promise<SharedArrayBuffer>>()
  private heldBytes = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  /** Bytes kept now. */
  get bytes(): number {
    return this.heldBytes
  }

  /** The memory of `key`, made by `make` when it is not there. A failure is not kept: the next caller tries again. */
  get(key: string, make: () => Promise<SharedArrayBuffer>): Promise<SharedArrayBuffer> {
    const kept = this.kept.get(key)
    if (kept) {
      this.kept.delete(key)
      this.kept.set(key, kept) // a Map iterates in order of insertion: the first is the least recently used
      return Promise.resolve(kept)
    }
    const made =
      this.making.get(key) ??
      make()
        .then((memory) => {
          this.keep(key, memory)
          return memory
        })
        .finally(() => this.making.delete(key))
    this.making.set(key, made)
    return made
  }

  private keep(key: string, memory: SharedArrayBuffer): void {
    if (memory.byteLength > this.limitBytes) return
    this.kept.set(key, memory)
    this.heldBytes += memory.byteLength
    for (const [oldest, { byteLength }] of this.kept) {
      if (this.heldBytes <= this.limitBytes) return
      this.kept.delete(oldest)
      this.heldBytes -= byteLength
    }
  }
}
