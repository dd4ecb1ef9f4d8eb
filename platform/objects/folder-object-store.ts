import { access, readFile, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BullpenError } from '#core/errors'
import { sha256 } from '#core/hashing'
import { isObjectName, type ObjectStore } from '#core/registry'
import { writeAtomically } from '#platform/files'

/** A draft this old has no writer any more: the longest write takes seconds. */
const staleDraftMs = 3_600_000

/**
 * Objects as files `ab/cdef...` below a folder. Each is written aside in `drafts/`, synced and renamed into place, so a
 * reader, a crash or a power cut never meets half of one.
 */
export class FolderObjectStore implements ObjectStore {
  readonly describe: string
  readonly #folder: string
  readonly #drafts: string
  #swept = false
  /** Objects have been seen here, or are known to be here: an empty folder is then one that is not mounted. */
  #isFilled: boolean

  /** With `isFilled` the folder is known to hold objects, whoever put them: when it is empty, it is not mounted. */
  constructor(folder: string, { isFilled = false }: { readonly isFilled?: boolean } = {}) {
    this.#folder = folder
    this.#isFilled = isFilled
    this.#drafts = join(folder, 'drafts')
    this.describe = `folder ${folder}`
  }

  async put(content: Uint8Array): Promise<string> {
    const name = sha256(content)
    const path = this.#pathOf(name)
    try {
      if (!(await this.#holds(path, name))) {
        await this.#requireMounted()
        await this.#sweep()
        await writeAtomically(path, content, this.#drafts)
      }
      this.#isFilled = true
    } catch (error) {
      throw this.#translate(error)
    }
    return name
  }

  async get(name: string): Promise<Uint8Array> {
    if (!isObjectName(name)) throw this.#missing(name)
    const content = await this.#look(() => readFile(this.#pathOf(name)))
    if (content === null) throw this.#missing(name)
    this.#isFilled = true
    const actual = sha256(content)
    if (actual !== name) throw new BullpenError('OBJECT_CORRUPT', { sha256: name, actual })
    return content
  }

  async has(name: string): Promise<boolean> {
    if (!isObjectName(name)) return false
    return (await this.#look(() => access(this.#pathOf(name)))) !== null
  }

  /** What `look` finds; null: it is not there. Throws OBJECT_STORE_UNAVAILABLE. */
  async #look<T>(look: () => Promise<T>): Promise<T | null> {
    const orNull = (error: unknown): null => {
      if (codeOf(error) !== 'ENOENT') throw this.#translate(error)
      return null
    }
    const found = await look().catch(orNull)
    if (found !== null) return found
    await this.#requireMounted()
    // Once more: the folder may have been away then and be back now.
    return look().catch(orNull)
  }

  /**
   * A shared folder that is no longer mounted looks like an empty one, or like none: nothing is missing from it, and
   * nothing must be put below its mount point.
   */
  async #requireMounted(): Promise<void> {
    if (!this.#isFilled) return
    const names = await readdir(this.#folder).catch(() => [])
    if (names.length > 0) return
    const reason = 'its objects have vanished; is it mounted?'
    throw new BullpenError('OBJECT_STORE_UNAVAILABLE', { store: this.describe, reason })
  }

  /** Whether the object is there undamaged; a damaged one is written again. */
  async #holds(path: string, name: string): Promise<boolean> {
    try {
      return sha256(await readFile(path)) === name
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      throw error
    }
  }

  /** Once per store: removes drafts whose writer was killed. */
  async #sweep(): Promise<void> {
    if (this.#swept) return
    this.#swept = true
    const names = await readdir(this.#drafts).catch(() => [])
    for (const name of names) {
      const draft = join(this.#drafts, name)
      const found = await stat(draft).catch(() => null)
      if (found !== null && Date.now() - found.mtimeMs > staleDraftMs) await rm(draft, { force: true })
    }
  }

  #pathOf(name: string): string {
    return join(this.#folder, name.slice(0, 2), name.slice(2))
  }

  #missing(name: string): BullpenError {
    return new BullpenError('OBJECT_NOT_FOUND', { sha256: name, store: this.describe })
  }

  #translate(error: unknown): BullpenError {
    if (error instanceof BullpenError) return error
    const reason = error instanceof Error ? error.message : String(error)
    return new BullpenError('OBJECT_STORE_UNAVAILABLE', { store: this.describe, reason }, { cause: error })
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}
