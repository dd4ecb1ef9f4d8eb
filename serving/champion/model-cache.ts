import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '#core/hashing'
import { checkAliasName, checkManifest, isObjectName } from '#core/registry'
import { writeAtomically } from '#platform/files'
import type { ChampionRecord } from './load-champion.ts'

/** A version that was condemned after it had begun to answer. */
export interface Condemned {
  readonly version: number
  /** How many moves the alias had made by the one that put it there: a later move to it is a new decision. */
  readonly move: number
  readonly reason: string
}

/** What is known of an alias without registry and object store. */
export interface CachedAlias {
  /** The version that answered last. */
  readonly serving: ChampionRecord
  readonly condemned: readonly Condemned[]
}

const format = 1

/**
 * The last good models, on the disk of this host:
 *
 *     <folder>/<alias>.json      the version that answers for the alias, its manifest, and a digest of all that
 *     <folder>/<sha256>.model    bytes of a model that has answered
 *
 * Files are written whole and verified when read: what is damaged counts as missing. The models of all aliases are kept,
 * and besides them the newest ones up to `limit` in all. Processes of one host may share the folder.
 */
export class ModelCache {
  readonly #folder: string
  readonly #limit: number

  constructor(folder: string, { limit = 4 }: { readonly limit?: number } = {}) {
    this.#folder = folder
    this.#limit = limit
  }

  /** What is kept of an alias; null when nothing is, or it is damaged. */
  async alias(alias: string): Promise<CachedAlias | null> {
    const text = await readFile(this.#aliasPath(alias), 'utf8').catch(() => null)
    return text === null ? null : fromText(text)
  }

  /** The bytes of a model; null when they are not kept, or damaged. */
  async bytes(name: string): Promise<Uint8Array | null> {
    if (!isObjectName(name)) return null
    const content = await readFile(this.#modelPath(name)).catch(() => null)
    return content !== null && sha256(content) === name ? content : null
  }

  /**
   * Keeps what is known of an alias, and the bytes of its model unless they are kept already.
   *
   * @throws DISK_FULL, or the system's error
   */
  async keep(alias: string, known: CachedAlias, bytes?: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const name = known.serving.manifest.model.sha256
    // The model first: an alias never names one that is not there.
    if (bytes) await writeAtomically(this.#modelPath(name), bytes)
    else await utimes(this.#modelPath(name), new Date(), new Date()).catch(() => undefined)
    await writeAtomically(this.#aliasPath(alias), toText(known))
    await this.#prune()
  }

  async #prune(): Promise<void> {
    const files = await readdir(this.#folder)
    const aliases = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length))
    const cached = await Promise.all(aliases.map((alias) => this.alias(alias)))
    const needed = new Set(cached.map((known) => known?.serving.manifest.model.sha256))
    const names = files.filter((file) => file.endsWith('.model')).map((file) => file.slice(0, -'.model'.length))
    const spare = await Promise.all(
      names
        .filter((name) => !needed.has(name))
        .map(async (name) => {
          const path = this.#modelPath(name)
          return {
            path,
            at: await stat(path).then(
              ({ mtimeMs }) => mtimeMs,
              () => 0,
            ),
          }
        }),
    )
    const room = Math.max(0, this.#limit - (names.length - spare.length))
    for (const { path } of spare.sort((a, b) => b.at - a.at).slice(room)) await rm(path, { force: true })
  }

  #aliasPath(alias: string): string {
    checkAliasName(alias)
    return join(this.#folder, `${alias}.json`)
  }

  #modelPath(name: string): string {
    return join(this.#folder, `${name}.model`)
  }
}

function toText(known: CachedAlias): string {
  return JSON.stringify({ format, digest: sha256(JSON.stringify(known)), known })
}

function fromText(text: string): CachedAlias | null {
  try {
    const { format: found, digest, known } = JSON.parse(text) as { format: number; digest: string; known: CachedAlias }
    if (found !== format || digest !== sha256(JSON.stringify(known))) return null
    checkManifest(known.serving.manifest)
    return known
  } catch {
    return null
  }
}
