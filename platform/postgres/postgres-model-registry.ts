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
import type { Database, Query } from './database.ts'
import { decisionsOf, recordDecision, refusalOf, usedDecisions } from './promotion-decisions.ts'

const versionColumns = 'v.version, v.created_at AS "createdAt", v.manifest'

/** A move to be made; `decision` is what lets a guarded alias make it. */
interface Move extends Pick<AliasMove, 'alias' | 'kind' | 'reason'> {
  readonly version: number
  readonly decision?: RecordedDecision | undefined
}

/** The registry in PostgreSQL. `clock` answers ms since the epoch. */
export class PostgresModelRegistry implements ModelRegistry {
  readonly #database: Database
  readonly #clock: () => number

  constructor(database: Database, clock: () => number = Date.now) {
    this.#database = database
    this.#clock = clock
  }

  async publish(manifest: ModelManifest, { alias, decision }: Publication = {}): Promise<ModelVersion> {
    checkManifest(manifest)
    requireCertificate(manifest)
    if (alias !== undefined) checkAliasName(alias.name)
    if (decision !== undefined) {
      checkAliasName(decision.alias)
      checkDecision(decision)
    }
    return this.#database.transaction(async (query) => {
      // One publisher at a time, readers unhindered: numbers have no holes and no run gets two versions.
      await query('LOCK TABLE bullpen.model_versions IN SHARE ROW EXCLUSIVE MODE')
      const existing = await find(query, 'v.run_id = $1', [manifest.runId])
      if (existing !== null) return existing
      if (decision !== undefined && decision.champion !== null) await requireVersion(query, decision.champion)
      const [made] = await query<ModelVersion>(
        `INSERT INTO bullpen.model_versions AS v (version, run_id, manifest, created_at)
         SELECT coalesce(max(version), 0) + 1, $1, $2, to_timestamp($3::float8 / 1000) FROM bullpen.model_versions
         RETURNING ${versionColumns}`,
        [manifest.runId, JSON.stringify(manifest), this.#clock()],
      )
      const { version } = made!
      if (alias !== undefined || decision !== undefined) await lockMoves(query)
      if (alias !== undefined) {
        await this.#moveAsAllowed(query, { alias: alias.name, version, kind: 'move', reason: alias.reason })
      }
      if (decision !== undefined) {
        const about = { challenger: version, runId: manifest.runId, at: this.#clock(), override: null }
        await recordDecision(query, { ...decision, ...about })
        const move = { alias: decision.alias, version, kind: 'move', reason: decision.text } as const
        if (decision.promoted) await this.#moveAsAllowed(query, move)
      }
      return made!
    })
  }

  async get(version: number): Promise<ModelVersion> {
    return requireVersion(this.#database.query, version)
  }

  async list(): Promise<ModelVersion[]> {
    return this.#database.query<ModelVersion>(
      `SELECT ${versionColumns} FROM bullpen.model_versions v ORDER BY v.version DESC`,
    )
  }

  async resolve(alias: string): Promise<ModelVersion | null> {
    return find(this.#database.query, 'v.version = (SELECT a.version FROM bullpen.aliases a WHERE a.name = $1)', [
      alias,
    ])
  }

  async moveAlias(
    alias: string,
    version: number,
    reason: string,
    { override }: { readonly override?: Override } = {},
  ): Promise<AliasMove> {
    checkAliasName(alias)
    if (override !== undefined) checkOverride(override)
    await this.get(version)
    return this.#database.transaction(async (query) => {
      await lockMoves(query)
      return this.#moveAsAllowed(query, { alias, version, kind: 'move', reason }, override)
    })
  }

  async decisions(alias: string): Promise<RecordedDecision[]> {
    return decisionsOf(this.#database.query, alias)
  }

  async rollback(alias: string, reason: string, from?: number): Promise<AliasMove> {
    return this.#database.transaction(async (query) => {
      await lockMoves(query)
      const moves = await history(query, alias)
      if (moves.length === 0) {
        const known = await query<{ name: string }>('SELECT name FROM bullpen.aliases ORDER BY name COLLATE "C"')
        const names = known.map(({ name }) => name).join(', ') || 'none'
        throw new BullpenError('UNKNOWN_NAME', { kind: 'alias', name: alias, known: names })
      }
      checkPointsAt(moves, from)
      const target = rollbackTarget(moves)
      if (target === null) throw new BullpenError('NO_EARLIER_VERSION', { alias })
      return this.#move(query, { alias, version: target, kind: 'rollback', reason })
    })
  }

  async history(alias: string): Promise<AliasMove[]> {
    return history(this.#database.query, alias)
  }

  async aliases(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#database.query<{ name: string; version: number }>(
      'SELECT name, version FROM bullpen.aliases ORDER BY name COLLATE "C"',
    )
    return Object.fromEntries(rows.map(({ name, version }) => [name, version]))
  }

  async resolveAt(alias: string, at: number): Promise<ModelVersion | null> {
    return find(
      this.#database.query,
      `v.version = (SELECT m.version FROM bullpen.alias_moves m
                    WHERE m.alias = $1 AND m.at <= to_timestamp($2::float8 / 1000) ORDER BY m.id DESC LIMIT 1)`,
      [alias, at],
    )
  }

  /** A move of any alias but back; call under {@link lockMoves}. Throws PROMOTION_REFUSED. */
  async #moveAsAllowed(query: Query, move: Move, override?: Override): Promise<AliasMove> {
    const { alias, version } = move
    if (!isGuarded(alias)) return this.#move(query, move)
    const incumbent = incumbentOf(await history(query, alias))
    if (version === incumbent) return this.#move(query, move)
    if (override === undefined) {
      const [decisions, used] = [await decisionsOf(query, alias), await usedDecisions(query, alias)]
      return this.#move(query, {
        ...move,
        decision: permittingDecision({ alias, version, incumbent }, decisions, used),
      })
    }
    const decision = await recordDecision(query, {
      alias,
      challenger: version,
      champion: incumbent,
      runId: null,
      promoted: true,
      reason: 'override',
      text: override.reason,
      evidence: null,
      override,
      at: this.#clock(),
    })
    return this.#move(query, { ...move, decision })
  }

  /** Records a move and points the alias; call under {@link lockMoves}. Its time never precedes the move before. */
  async #move(query: Query, { alias, version, kind, reason, decision }: Move): Promise<AliasMove> {
    const [move] = await query<{ id: number; at: number }>(
      `INSERT INTO bullpen.alias_moves (alias, version, kind, at, reason, decision_id)
       SELECT $1, $2, $3, greatest(to_timestamp($4::float8 / 1000)::timestamptz(3), max(at)), $5, $6
       FROM bullpen.alias_moves WHERE alias = $1
       RETURNING id, at`,
      [alias, version, kind, this.#clock(), reason, decision?.id ?? null],
    ).catch((error: unknown) => {
      throw refusalOf(error, { alias, version, champion: decision?.champion ?? null })
    })
    const { id, at } = move!
    await query(
      `INSERT INTO bullpen.aliases (name, version, move_id) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET version = excluded.version, move_id = excluded.move_id`,
      [alias, version, id],
    )
    const override = decision?.override
    return { alias, version, kind, at, reason, ...(override ? { override } : {}) }
  }
}

/** One mover at a time, readers unhindered; always taken after the lock on versions, so the two cannot deadlock. */
async function lockMoves(query: Query): Promise<void> {
  await query('LOCK TABLE bullpen.alias_moves IN SHARE ROW EXCLUSIVE MODE')
}

async function history(query: Query, alias: string): Promise<AliasMove[]> {
  const moves = await query<AliasMove & { by: string | null; why: string | null }>(
    `SELECT m.alias, m.version, m.kind, m.at, m.reason, d.override_by AS by, d.override_reason AS why
     FROM bullpen.alias_moves m LEFT JOIN bullpen.promotion_decisions d ON d.id = m.decision_id
     WHERE m.alias = $1 ORDER BY m.id`,
    [alias],
  )
  return moves.map(({ by, why, ...move }) =>
    by === null || why === null ? move : { ...move, override: { reason: why, by } },
  )
}

async function find(query: Query, condition: string, values: readonly unknown[]): Promise<ModelVersion | null> {
  const [version] = await query<ModelVersion>(
    `SELECT ${versionColumns} FROM bullpen.model_versions v WHERE ${condition}`,
    values,
  )
  return version ?? null
}

async function requireVersion(query: Query, version: number): Promise<ModelVersion> {
  const found = await find(query, 'v.version = $1::float8', [version])
  if (found === null) throw new BullpenError('MODEL_VERSION_NOT_FOUND', { version })
  return found
}
