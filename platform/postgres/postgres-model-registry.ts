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
import type { Database, Query } from './database.ts'

const versionColumns = 'v.version, v.created_at AS "createdAt", v.manifest'
const moveColumns = 'alias, version, kind, at, reason'

/** The registry in PostgreSQL. `clock` answers ms since the epoch. */
export class PostgresModelRegistry implements ModelRegistry {
  readonly #database: Database
  readonly #clock: () => number

  constructor(database: Database, clock: () => number = Date.now) {
    this.#database = database
    this.#clock = clock
  }

  async publish(
    manifest: ModelManifest,
    alias?: { readonly name: string; readonly reason: string },
  ): Promise<ModelVersion> {
    checkManifest(manifest)
    if (alias !== undefined) checkAliasName(alias.name)
    return this.#database.transaction(async (query) => {
      // One publisher at a time, readers unhindered: numbers have no holes and no run gets two versions.
      await query('LOCK TABLE bullpen.model_versions IN SHARE ROW EXCLUSIVE MODE')
      const existing = await find(query, 'v.run_id = $1', [manifest.runId])
      if (existing !== null) return existing
      const [version] = await query<ModelVersion>(
        `INSERT INTO bullpen.model_versions AS v (version, run_id, manifest, created_at)
         SELECT coalesce(max(version), 0) + 1, $1, $2, to_timestamp($3::float8 / 1000) FROM bullpen.model_versions
         RETURNING ${versionColumns}`,
        [manifest.runId, JSON.stringify(manifest), this.#clock()],
      )
      if (alias !== undefined) {
        await lockMoves(query)
        await this.#move(query, alias.name, version!.version, 'move', alias.reason)
      }
      return version!
    })
  }

  async get(version: number): Promise<ModelVersion> {
    const found = await find(this.#database.query, 'v.version = $1::float8', [version])
    if (found === null) throw new BullpenError('MODEL_VERSION_NOT_FOUND', { version })
    return found
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

  async moveAlias(alias: string, version: number, reason: string): Promise<AliasMove> {
    checkAliasName(alias)
    await this.get(version)
    return this.#database.transaction(async (query) => {
      await lockMoves(query)
      return this.#move(query, alias, version, 'move', reason)
    })
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
      return this.#move(query, alias, target, 'rollback', reason)
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

  /** Records a move and points the alias; call under {@link lockMoves}. Its time never precedes the move before. */
  async #move(
    query: Query,
    alias: string,
    version: number,
    kind: AliasMove['kind'],
    reason: string,
  ): Promise<AliasMove> {
    const [move] = await query<AliasMove & { id: number }>(
      `INSERT INTO bullpen.alias_moves (alias, version, kind, at, reason)
       SELECT $1, $2, $3, greatest(to_timestamp($4::float8 / 1000)::timestamptz(3), max(at)), $5
       FROM bullpen.alias_moves WHERE alias = $1
       RETURNING id, ${moveColumns}`,
      [alias, version, kind, this.#clock(), reason],
    )
    const { id, ...made } = move!
    await query(
      `INSERT INTO bullpen.aliases (name, version, move_id) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET version = excluded.version, move_id = excluded.move_id`,
      [alias, version, id],
    )
    return made
  }
}

/** One mover at a time, readers unhindered; always taken after the lock on versions, so the two cannot deadlock. */
async function lockMoves(query: Query): Promise<void> {
  await query('LOCK TABLE bullpen.alias_moves IN SHARE ROW EXCLUSIVE MODE')
}

async function history(query: Query, alias: string): Promise<AliasMove[]> {
  return query<AliasMove>(`SELECT ${moveColumns} FROM bullpen.alias_moves WHERE alias = $1 ORDER BY id`, [alias])
}

async function find(query: Query, condition: string, values: readonly unknown[]): Promise<ModelVersion | null> {
  const [version] = await query<ModelVersion>(
    `SELECT ${versionColumns} FROM bullpen.model_versions v WHERE ${condition}`,
    values,
  )
  return version ?? null
}
