import { openAgentsParts } from './agents-parts.ts'
import type { ConnectOptions } from './connect-options.ts'
import { openLocalParts } from './local-parts.ts'
import { Pool } from './pool.ts'

/**
 * Connects to the agents that serve a group of own tasks, or with `local` runs such tasks in threads of this process.
 *
 * @throws CONFIG_INVALID, USAGE, QUEUE_UNAVAILABLE, DATABASE_UNAVAILABLE, REGISTRY_NEWER; with `local` OWN_TASKS_INVALID
 */
export async function connect(options: ConnectOptions): Promise<Pool> {
  return new Pool('local' in options ? await openLocalParts(options) : await openAgentsParts(options))
}
