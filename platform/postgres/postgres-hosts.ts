import type { HostAgent, Hosts } from '#core/registry'
import type { Database } from './database.ts'
import { listAgents } from './list-agents.ts'

/** Training hosts in table `bullpen.agents`. */
export class PostgresHosts implements Hosts {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(): Promise<readonly HostAgent[]> {
    return listAgents<HostAgent>(this.#database, 3_600_000)
  }
}
