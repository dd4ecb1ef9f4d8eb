import { BullpenError } from '#core/errors'
import {
  checkAliasName,
  checkManifest,
  checkPointsAt,
  rollbackTarget,
  type AliasMove,
  type ModelManifest,
  type ModelRegistry,
  type ModelVersion,
} from '#core/registry'

/** A registry that lives as long as the object. Versions are handed out frozen copies of nothing: treat as read-only. */
export class MemoryModelRegistry implements ModelRegistry {
  readonly #versions: ModelVersion[] = []
  readonly #moves: AliasMove[] = []
  readonly #clock: () => number

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  publish(manifest: ModelManifest, alias?: { readonly name: string; readonly reason: string }): Promise<ModelVersion> {
    return settle(() => {
      checkManifest(manifest)
      if (alias !== undefined) checkAliasName(alias.name)
      const existing = this.#versions.find((version) => version.manifest.runId === manifest.runId)
      if (existing !== undefined) return existing
      const version = this.#versions.length + 1
      const made = { version, createdAt: this.#clock(), manifest: structuredClone(manifest) }
      this.#versions.push(made)
      if (alias !== undefined) this.#move(alias.name, version, 'move', alias.reason)
      return made
    })
  }

  get(version: number): Promise<ModelVersion> {
    return settle(() => this.#find(version))
  }

  list(): Promise<ModelVersion[]> {
    return Promise.resolve(this.#versions.toReversed())
  }

  resolve(alias: string): Promise<ModelVersion | null> {
    return this.resolveAt(alias, Infinity)
  }

  moveAlias(alias: string, version: number, reason: string): Promise<AliasMove> {
    return settle(() => {
      checkAliasName(alias)
      this.#find(version)
      return this.#move(alias, version, 'move', reason)
    })
  }

  rollback(alias: string, reason: string, from?: number): Promise<AliasMove> {
    return settle(() => {
      const moves = this.#movesOf(alias)
      if (moves.length === 0) {
        const known = [...new Set(this.#moves.map((move) => move.alias))].sort().join(', ') || 'none'
        throw new BullpenError('UNKNOWN_NAME', { kind: 'alias', name: alias, known })
      }
      checkPointsAt(moves, from)
      const target = rollbackTarget(moves)
      if (target === null) throw new BullpenError('NO_EARLIER_VERSION', { alias })
      return this.#move(alias, target, 'rollback', reason)
    })
  }

  history(alias: string): Promise<AliasMove[]> {
    return Promise.resolve(this.#movesOf(alias))
  }

  aliases(): Promise<Readonly<Record<string, number>>> {
    const last = new Map(this.#moves.map(({ alias, version }) => [alias, version!]))
    return Promise.resolve(Object.fromEntries([...last].sort(([a], [b]) => (a < b ? -1 : 1))))
  }

  resolveAt(alias: string, at: number): Promise<ModelVersion | null> {
    const version = this.#movesOf(alias).findLast((move) => move.at <= at)?.version ?? null
    return Promise.resolve(version === null ? null : this.#find(version))
  }

  #find(version: number): ModelVersion {
    const found = this.#versions[version - 1]
    if (found === undefined) throw new BullpenError('MODEL_VERSION_NOT_FOUND', { version })
    return found
  }

  #movesOf(alias: string): AliasMove[] {
    return this.#moves.filter((move) => move.alias === alias)
  }

  #move(alias: string, version: number, kind: AliasMove['kind'], reason: string): AliasMove {
    const at = Math.max(this.#clock(), this.#movesOf(alias).at(-1)?.at ?? -Infinity)
    const move = { alias, version, kind, at, reason }
    this.#moves.push(move)
    return move
  }
}

/** A promise of what `work` returns or throws. */
function settle<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work())
  })
}
