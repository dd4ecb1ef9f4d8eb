import type { Agent, AgentFacts, AgentPulse, Fleet } from '#core/protocol'
import type { Database } from './database.ts'
import { listAgents } from './list-agents.ts'

/** Agents in table `bullpen.agents`, times by the clock of the database. */
export class PostgresFleet implements Fleet {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async join(facts: AgentFacts, heartbeatMs: number): Promise<void> {
    await this.#database.query(
      `INSERT INTO bullpen.agents AS a (id, host, pid, route, threads, cores, memory_bytes, engine, versions, price,
              heartbeat_ms, state, busy, done, failed, joined_at, heartbeat_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'running', 0, 0, 0, now(), now())
       ON CONFLICT (id) DO UPDATE SET
         (host, pid, route, threads, cores, memory_bytes, engine, versions, price, heartbeat_ms) =
         (excluded.host, excluded.pid, excluded.route, excluded.threads, excluded.cores, excluded.memory_bytes,
          excluded.engine, excluded.versions, excluded.price, excluded.heartbeat_ms),
         state = 'running', busy = 0, done = 0, failed = 0, heartbeat_at = now(), left_at = NULL, left_because = NULL`,
      [
        facts.id,
        facts.host,
        facts.pid,
        facts.route,
        facts.threads,
        facts.cores,
        facts.memoryBytes,
        facts.engine,
        JSON.stringify(facts.versions),
        facts.price && JSON.stringify(facts.price),
        heartbeatMs,
      ],
    )
  }

  async pulse(id: string, { state, busy, done, failed }: AgentPulse): Promise<void> {
    await this.#database.query(
      `UPDATE bullpen.agents SET state = $2, busy = $3, done = $4, failed = $5, heartbeat_at = now()
       WHERE id = $1 AND left_at IS NULL`,
      [id, state, busy, done, failed],
    )
  }

  async leave(id: string, because: string): Promise<void> {
    await this.#database.query(
      'UPDATE bullpen.agents SET busy = 0, left_at = now(), left_because = $2 WHERE id = $1 AND left_at IS NULL',
      [id, because],
    )
  }

  async list(withinMs = 3_600_000): Promise<Agent[]> {
    return listAgents<Agent>(this.#database, withinMs)
  }
}
