import { BullpenError } from '#core/errors'
import type { ClaimRequest, ClusterClaim, ClusterOutputs, ClusterRecord, ClusterStore } from '#core/protocol'
import type { Database, Query } from './database.ts'

const columns = `name, target, phase, request, outputs, since, CASE WHEN token IS NOT NULL THEN jsonb_build_object(
  'change', change, 'holder', holder, 'until', (extract(epoch FROM claimed_until) * 1000)::bigint) END AS changing`

/** Clusters in table `bullpen.clusters`. Throws DATABASE_UNAVAILABLE besides what the port names. */
export class PostgresClusterStore implements ClusterStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async claim(claim: ClaimRequest): Promise<ClusterClaim> {
    const { cluster, target, change, request, holder, takeOverFrom = null, now, until } = claim
    return this.#database.transaction(async (query) => {
      const [granted] = await query<{ token: string }>(
        `INSERT INTO bullpen.clusters AS c (name, target, phase, request, since, token, change, holder, claimed_until)
         VALUES ($1, $2, CASE $3 WHEN 'up' THEN 'rising' ELSE 'falling' END, $4, to_timestamp($7::float8 / 1000),
                 gen_random_uuid(), $3, $5, to_timestamp($8::float8 / 1000))
         ON CONFLICT (name) DO UPDATE SET
           target = excluded.target, phase = excluded.phase, request = coalesce(excluded.request, c.request),
           since = CASE c.phase WHEN 'down' THEN excluded.since ELSE c.since END,
           token = excluded.token, change = excluded.change, holder = excluded.holder,
           claimed_until = excluded.claimed_until
         WHERE (c.token IS NULL OR c.claimed_until <= excluded.since OR c.holder IN (excluded.holder, $6)
                OR (c.change = 'up' AND excluded.change = 'down'))
           AND (c.target = excluded.target OR c.phase = 'down')
         RETURNING token`,
        [cluster, target, change, request && JSON.stringify(request), holder, takeOverFrom, now, until],
      )
      if (!granted) throw await refusal(query, claim)
      return { cluster, token: granted.token }
    })
  }

  async keep({ cluster, token }: ClusterClaim, until: number): Promise<boolean> {
    const rows = await this.#database.query(
      `UPDATE bullpen.clusters SET claimed_until = to_timestamp($3::float8 / 1000)
       WHERE name = $1 AND token = $2 RETURNING name`,
      [cluster, token, until],
    )
    return rows.length > 0
  }

  async settle({ cluster, token }: ClusterClaim, end: { readonly up: ClusterOutputs } | 'down'): Promise<boolean> {
    const [phase, outputs] = end === 'down' ? ['down', null] : ['up', JSON.stringify(end.up)]
    const rows = await this.#database.query(
      `UPDATE bullpen.clusters SET phase = $3, outputs = $4, token = NULL, change = NULL, holder = NULL,
              claimed_until = NULL
       WHERE name = $1 AND token = $2 RETURNING name`,
      [cluster, token, phase, outputs],
    )
    return rows.length > 0
  }

  async cluster(name: string): Promise<ClusterRecord | undefined> {
    const sql = `SELECT ${columns} FROM bullpen.clusters WHERE name = $1`
    return (await this.#database.query<ClusterRecord>(sql, [name]))[0]
  }

  list(): Promise<readonly ClusterRecord[]> {
    return this.#database.query<ClusterRecord>(`SELECT ${columns} FROM bullpen.clusters ORDER BY name`)
  }
}

/** Why a claim was not granted. */
async function refusal(query: Query, { cluster, target, now }: ClaimRequest): Promise<BullpenError> {
  const [found] = await query<ClusterRecord>(`SELECT ${columns} FROM bullpen.clusters WHERE name = $1`, [cluster])
  if (found && found.target !== target) {
    return new BullpenError('USAGE', { reason: `cluster ${cluster} is at target ${found.target}: take it down first` })
  }
  const { holder = 'somebody else', change = 'up', until = now } = found?.changing ?? {}
  const seconds = Math.max(1, Math.ceil((until - now) / 1000))
  return new BullpenError('CLUSTER_BUSY', { cluster, holder, change, seconds })
}
