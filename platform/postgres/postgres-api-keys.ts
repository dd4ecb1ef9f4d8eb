import { BullpenError } from '#core/errors'
import type { ApiKey, ApiKeys, StoredApiKey } from '#core/registry'
import type { Database } from './database.ts'

const columns = `id, name, scope, created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"`

/** Keys in table `bullpen.api_keys`. */
export class PostgresApiKeys implements ApiKeys {
  readonly #database: Database
  readonly #clock: () => number

  constructor(database: Database, clock: () => number = Date.now) {
    this.#database = database
    this.#clock = clock
  }

  async add({ id, name, scope, expiresAt, secretSha256 }: Parameters<ApiKeys['add']>[0]): Promise<ApiKey> {
    const [added] = await this.#database.query<ApiKey>(
      `INSERT INTO bullpen.api_keys (id, name, scope, secret_sha256, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${columns}`,
      [id, name, scope, secretSha256, new Date(this.#clock()), expiresAt === null ? null : new Date(expiresAt)],
    )
    return added!
  }

  async find(id: string): Promise<StoredApiKey | null> {
    const [found] = await this.#database.query<StoredApiKey>(
      `SELECT ${columns}, secret_sha256 AS "secretSha256" FROM bullpen.api_keys WHERE id = $1`,
      [id],
    )
    return found ?? null
  }

  async list(): Promise<ApiKey[]> {
    return this.#database.query<ApiKey>(`SELECT ${columns} FROM bullpen.api_keys ORDER BY created_at DESC, id`)
  }

  async revoke(id: string): Promise<ApiKey> {
    const [revoked] = await this.#database.query<ApiKey>(
      `UPDATE bullpen.api_keys SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1 RETURNING ${columns}`,
      [id, new Date(this.#clock())],
    )
    if (revoked === undefined) throw new BullpenError('KEY_NOT_FOUND', { id })
    return revoked
  }
}
