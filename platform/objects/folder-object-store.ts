import { randomBytes } from 'node:crypto'
import { access, mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BullpenError } from '#core/errors'
import { sha256 } from '#core/hashing'
import { isObjectName, type ObjectStore } from '#core/registry'

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

  constructor(folder: string) {
    this.#folder = folder
    this.#drafts = join(folder, 'drafts')
    this.describe = `folder ${folder}`
  }

  async put(content: Uint8Array): Promise<string> {
    const name = sha256(content)
    const path = this.#pathOf(name)
    try {
      if (await this.#holds(path, name)) return name
      await this.#sweep()
      await this.#write(path, content)
    } catch (error) {
      throw this.#translate(error, path)
    }
    return name
  }

  async get(name: string): Promise<Uint8Array> {
    if (!isObjectName(name)) throw this.#missing(name)
    let content: Uint8Array
    try {
      content = await readFile(this.#pathOf(name))
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? this.#missing(name) : this.#translate(error, this.#pathOf(name))
    }
    const actual = sha256(content)
    if (actual !== name) throw new BullpenError('OBJECT_CORRUPT', { sha256: name, actual })
    return content
  }

  async has(name: string): Promise<boolean> {
    if (!isObjectName(name)) return false
    try {
      await access(this.#pathOf(name))
      return true
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      throw this.#translate(error, this.#pathOf(name))
    }
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

  async #write(path: string, content: Uint8Array): Promise<void> {
    const draft = join(this.#drafts, `${process.pid}-${randomBytes(8).toString('hex')}`)
    await mkdir(this.#drafts, { recursive: true })
    try {
      const file = await open(draft, 'wx')
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      await mkdir(dirname(path), { recursive: true })
      await rename(draft, path)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    // The rename itself lasts only once its folder is on disk.
    for (const folder of [dirname(path), this.#folder]) await syncFolder(folder)
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

  #translate(error: unknown, path: string): BullpenError {
    const code = codeOf(error)
    if (code === 'ENOSPC' || code === 'EDQUOT') return new BullpenError('DISK_FULL', { path }, { cause: error })
    const reason = error instanceof Error ? error.message : String(error)
    return new BullpenError('OBJECT_STORE_UNAVAILABLE', { store: this.describe, reason }, { cause: error })
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}
