import { BullpenError } from '#core/errors'
import { sha256 } from '#core/hashing'
import type { ObjectStore } from '#core/registry'

/** Objects that live as long as the object. */
export class MemoryObjectStore implements ObjectStore {
  readonly describe = 'memory'
  readonly #objects = new Map<string, Uint8Array>()

  put(content: Uint8Array): Promise<string> {
    const name = sha256(content)
    this.#objects.set(name, Uint8Array.from(content))
    return Promise.resolve(name)
  }

  get(name: string): Promise<Uint8Array> {
    const content = this.#objects.get(name)
    const missing = { sha256: name, store: this.describe }
    if (content === undefined) return Promise.reject(new BullpenError('OBJECT_NOT_FOUND', missing))
    const actual = sha256(content)
    if (actual !== name) return Promise.reject(new BullpenError('OBJECT_CORRUPT', { sha256: name, actual }))
    return Promise.resolve(Uint8Array.from(content))
  }

  has(name: string): Promise<boolean> {
    return Promise.resolve(this.#objects.has(name))
  }

  /** For tests of what happens then: keeps other bytes under this name. */
  damage(name: string, content: Uint8Array): void {
    this.#objects.set(name, content)
  }
}
