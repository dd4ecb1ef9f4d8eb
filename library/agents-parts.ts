import { BullpenError } from '#core/errors'
import { ownRoute, type Fleet, type Route } from '#core/protocol'
import { readConfig } from '#platform/config'
import { openObjectStore } from '#platform/objects'
import { openDatabase, PostgresFleet, PostgresTaskLedger } from '#platform/postgres'
import { openTaskQueue } from '#platform/queue'
import type { AgentsOptions } from './connect-options.ts'
import type { PoolParts } from './pool.ts'

/**
 * The queue of a group's route, its ledger and the object store, as the agents have them. Agents may come later: tasks
 * wait for them, and a note says so.
 */
export async function openAgentsParts(options: AgentsOptions): Promise<PoolParts> {
  const config = readConfig()
  const { group, queue: url = config.redisUrl, databaseUrl = config.databaseUrl, onNote = toStderr } = options
  if (url === undefined) throw usage('no queue is given: pass queue, or set REDIS_URL')
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/.test(group))
    throw usage('a group is named by letters, digits, dots and dashes')
  const route = ownRoute(group)
  const objects = openObjectStore({
    url: options.objects ?? config.objects,
    home: config.home,
    endpoint: config.s3Endpoint,
  })
  const database = await openDatabase({ url: databaseUrl, home: config.home, onNote })
  try {
    await noteAbsence(new PostgresFleet(database), route, group, onNote)
    const tls = { ca: config.redisCa }
    const ledger = new PostgresTaskLedger(database)
    const queue = await openTaskQueue({ url, tls, route, ledger, leaseTtlMs: config.leaseMs, onNote })
    const close = async () => {
      await queue.close()
      await database.close()
    }
    return { queue, objects, close }
  } catch (error) {
    await database.close()
    throw error
  }
}

async function noteAbsence(fleet: Fleet, route: Route, group: string, onNote: (text: string) => void): Promise<void> {
  const agents = await fleet.list()
  if (agents.some((agent) => agent.route === route && agent.state === 'running')) return
  onNote(`no agent serves group ${group} now: tasks wait until one is started (bullpen worker --group ${group} ...)`)
}

function toStderr(text: string): void {
  process.stderr.write(`bullpen: ${text}\n`)
}

function usage(reason: string): BullpenError {
  return new BullpenError('USAGE', { reason })
}
