import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '#core/hashing'
import { isObjectName, type ObjectStore } from '#core/registry'
import { writeAtomically } from '#platform/files'

export interface CachingObjectStoreOptions {
  /** Where objects come from, and where they are put. */
  readonly store: ObjectStore
  /** A local folder, made when needed; processes of one host may share it. */
  readonly folder: string
  /** Most bytes of objects kept. */
  readonly limitBytes: number
  /** One line when objects can no longer be kept, e.g. because the disk is full; said again only after one was kept. */
  readonly onNote?: (text: string) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** What a cache did since it was opened; `bytes` is what its folder held when it last looked. */
export interface CacheCounts {
  readonly bytes: number
  readonly hits: number
  readonly misses: number
  readonly damaged: number
  readonly evicted: number
}

/** A draft this old has no writer any more. */
const staleDraftMs = 3_600_000

/**
 * An object store seen through a bounded folder of this host: an object is fetched once, and read from disk from then
 * on, also by later processes.
 *
 * - Asks for one object share one fetch within a process. Two processes may fetch it at the same time; each writes it
 *   whole or not at all, so either's copy serves both.
 * - Bytes are verified whenever they are read; a damaged copy is dropped and fetched again.
 * - Before a copy is written, the least recently used ones make room (the time of a file is its last use). The limit
 *   holds for the folder; processes that write at the same moment may exceed it by what they write, until the next one.
 * - An object larger than the limit, or one that cannot be kept, is handed out all the same.
 * - `put` and `has` go through to the store.
 */
export class CachingObjectStore implements ObjectStore {
  readonly describe: string
  readonly #store: ObjectStore
  readonly #folder: string
  readonly #drafts: string
  readonly #limitBytes: number
  readonly #onNote: (text: string) => void
  readonly #now: () => number
  readonly #asked = new Map<string, Promise<Uint8Array>>()
  readonly #counts = { bytes: 0, hits: 0, misses: 0, damaged: 0, evicted: 0 }
  #keeping: Promise<void>
  #isTroubled = false
  #lastUse = 0

  constructor({ store, folder, limitBytes, onNote, now }: CachingObjectStoreOptions) {
    this.#store = store
    this.#folder = folder
    this.#drafts = join(folder, 'drafts')
    this.#limitBytes = limitBytes
    this.#onNote = onNote ?? (() => undefined)
    this.#now = now ?? Date.now
    this.describe = store.describe
    this.#keeping = this.#sweep()
  }

  get counts(): CacheCounts {
    return { ...this.#counts }
  }

  put(content: Uint8Array): Promise<string> {
    return this.#store.put(content)
  }

  has(name: string): Promise<boolean> {
    return this.#store.has(name)
  }

  /** Callers that ask together get the same bytes: they are to be read, not written. */
  get(name: string): Promise<Uint8Array> {
    if (!isObjectName(name)) return this.#store.get(name)
    const asked = this.#asked.get(name) ?? this.#find(name).finally(() => this.#asked.delete(name))
    this.#asked.set(name, asked)
    return asked
  }

  async #find(name: string): Promise<Uint8Array> {
    const kept = await this.#read(name)
    if (kept) {
      this.#counts.hits += 1
      return kept
    }
    this.#counts.misses += 1
    const content = await this.#store.get(name)
    // One after the other, so that two do not both count on the same room.
    this.#keeping = this.#keeping.then(() => this.#keep(name, content))
    await this.#keeping
    return content
  }

  async #read(name: string): Promise<Uint8Array | null> {
    const path = join(this.#folder, name)
    // Whatever ails the copy, the store has the object.
    const content = await readFile(path).catch(() => null)
    if (content === null) return null
    if (sha256(content) === name) {
      const at = this.#useTime()
      await utimes(path, at, at).catch(() => undefined)
      return content
    }
    this.#counts.damaged += 1
    await rm(path, { force: true }).catch(() => undefined)
    return null
  }

  async #keep(name: string, content: Uint8Array): Promise<void> {
    if (content.byteLength > this.#limitBytes) return
    const path = join(this.#folder, name)
    try {
      await mkdir(this.#drafts, { recursive: true })
      await this.#makeRoom(content.byteLength)
      await writeAtomically(path, content, this.#drafts)
      const at = this.#useTime()
      await utimes(path, at, at)
      this.#counts.bytes += content.byteLength
      this.#isTroubled = false
    } catch (error) {
      if (this.#isTroubled) return
      this.#isTroubled = true
      const reason = error instanceof Error ? error.message : String(error)
      this.#onNote(`objects are not kept on disk for now, each is fetched when needed: ${reason}`)
    }
  }

  /** Drops the least recently used copies until `bytes` more fit. */
  async #makeRoom(bytes: number): Promise<void> {
    const copies = await this.#copies()
    let held = copies.reduce((sum, { size }) => sum + size, 0)
    for (const { path, size } of copies.sort((a, b) => a.usedAt - b.usedAt)) {
      if (held + bytes <= this.#limitBytes) break
      await rm(path, { force: true })
      held -= size
      this.#counts.evicted += 1
    }
    this.#counts.bytes = held
  }

  async #copies(): Promise<{ path: string; size: number; usedAt: number }[]> {
    const names = (await readdir(this.#folder).catch(() => [])).filter(isObjectName)
    const copies = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name)
        const found = await stat(path).catch(() => null)
        return found && { path, size: found.size, usedAt: found.mtimeMs }
      }),
    )
    return copies.filter((copy) => copy !== null)
  }

  /** Removes drafts whose writer was killed, and learns what is there. */
  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#drafts).catch(() => [])) {
      const draft = join(this.#drafts, name)
      const found = await stat(draft).catch(() => null)
      if (found && this.#now() - found.mtimeMs > staleDraftMs) await rm(draft, { force: true }).catch(() => undefined)
    }
    this.#counts.bytes = (await this.#copies()).reduce((sum, { size }) => sum + size, 0)
  }

  /** Distinct and rising within a process, so that order of use is order of time. */
  #useTime(): Date {
    this.#lastUse = Math.max(this.#now(), this.#lastUse + 1)
    return new Date(this.#lastUse)
  }
}
