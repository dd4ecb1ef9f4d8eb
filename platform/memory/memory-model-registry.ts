import { BullpenError } from '#core/errors'
import {
  checkAliasName,
  checkDecision,
  checkManifest,
  requireCertificate,
  checkOverride,
  checkPointsAt,
  incumbentOf,
  isGuarded,
  permittingDecision,
  rollbackTarget,
  type AliasMove,
  type ModelManifest,
  type ModelRegistry,
  type ModelVersion,
  type Override,
  type Publication,
  type RecordedDecision,
} from '#core/registry'

/** A registry that lives as long as the object. Versions are handed out frozen copies of nothing: treat as read-only. */
export class MemoryModelRegistry implements ModelRegistry {
  readonly #versions: ModelVersion[] = []
  readonly #moves: AliasMove[] = []
  readonly #decisions: RecordedDecision[] = []
  readonly #used = new Set<number>()
  readonly #clock: () => number

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  publish(manifest: ModelManifest, { alias, decision }: Publication = {}): Promise<ModelVersion> {
    return settle(() => {
      checkManifest(manifest)
      requireCertificate(manifest)
      if (alias !== undefined) checkAliasName(alias.name)
      if (decision !== undefined) {
        checkAliasName(decision.alias)
        checkDecision(decision)
      }
      const existing = this.#versions.find((version) => version.manifest.runId === manifest.runId)
      if (existing !== undefined) return existing
      if (decision !== undefined && decision.champion !== null) this.#find(decision.champion)
      return this.#wholly(() => {
        const version = this.#versions.length + 1
        const made = { version, createdAt: this.#clock(), manifest: structuredClone(manifest) }
        this.#versions.push(made)
        if (alias !== undefined) this.#moveAsAllowed(alias.name, version, alias.reason)
        if (decision !== undefined) {
          this.#record({ ...decision, challenger: version, runId: manifest.runId, override: null })
          if (decision.promoted) this.#moveAsAllowed(decision.alias, version, decision.text)
        }
        return made
      })
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

  moveAlias(
    alias: string,
    version: number,
    reason: string,
    { override }: { readonly override?: Override } = {},
  ): Promise<AliasMove> {
    return settle(() => {
      checkAliasName(alias)
      if (override !== undefined) checkOverride(override)
      this.#find(version)
      return this.#moveAsAllowed(alias, version, reason, override)
    })
  }

  decisions(alias: string): Promise<RecordedDecision[]> {
    return Promise.resolve(this.#decisions.filter((decision) => decision.alias === alias))
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

  #moveAsAllowed(alias: string, version: number, reason: string, override?: Override): AliasMove {
    if (!isGuarded(alias)) return this.#move(alias, version, 'move', reason)
    const incumbent = incumbentOf(this.#movesOf(alias))
    if (version === incumbent) return this.#move(alias, version, 'move', reason)
    if (override === undefined) {
      const decisions = this.#decisions.filter((decision) => decision.alias === alias)
      this.#used.add(permittingDecision({ alias, version, incumbent }, decisions, this.#used).id)
      return this.#move(alias, version, 'move', reason)
    }
    const about = { alias, challenger: version, champion: incumbent, runId: null, promoted: true } as const
    const { id } = this.#record({ ...about, reason: 'override', text: override.reason, evidence: null, override })
    this.#used.add(id)
    return this.#move(alias, version, 'move', reason, override)
  }

  #record(decision: Omit<RecordedDecision, 'id' | 'at'>): RecordedDecision {
    const recorded = { id: this.#decisions.length + 1, ...structuredClone(decision), at: this.#clock() }
    this.#decisions.push(recorded)
    return recorded
  }

  #move(alias: string, version: number, kind: AliasMove['kind'], reason: string, override?: Override): AliasMove {
    const at = Math.max(this.#clock(), this.#movesOf(alias).at(-1)?.at ?? -Infinity)
    const move = { alias, version, kind, at, reason, ...(override ? { override } : {}) }
    this.#moves.push(move)
    return move
  }

  /** Does all of `work` or, when it throws, nothing. */
  #wholly<T>(work: () => T): T {
    const lists = [this.#versions, this.#moves, this.#decisions]
    const lengths = lists.map((list) => list.length)
    try {
      return work()
    } catch (error) {
      lists.forEach((list, i) => list.splice(lengths[i]!))
      throw error
    }
  }
}

/** A promise of what `work` returns or throws. */
function settle<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work())
  })
}
