import type { Agent, Fleet, LeasedTask, RouteLoad, TaskLedger } from '#core/protocol'
import { stragglersOf } from './stragglers-of.ts'

/** An agent with what it cost so far. */
export interface AgentStatus extends Agent {
  /** Hours since it joined until it left, times its price; null when no price is known. */
  readonly cost: number | null
}

/** A task that runs for much longer than its kind does. */
export interface Straggler extends LeasedTask {
  readonly runningMs: number
}

/** The cluster at one moment. */
export interface ClusterStatus {
  /** ms since the epoch. */
  readonly at: number
  readonly agents: readonly AgentStatus[]
  /** Of agents that are here. */
  readonly hosts: number
  readonly threads: number
  readonly busy: number
  readonly routes: readonly RouteLoad[]
  /** Over the last minute. */
  readonly tasksPerSecond: number
  readonly stragglers: readonly Straggler[]
  /** Cost so far of the agents listed, by currency. */
  readonly cost: Readonly<Record<string, number>>
}

/** Reads the state of the cluster; `now` answers ms since the epoch. */
export async function clusterStatus(
  fleet: Pick<Fleet, 'list'>,
  ledger: Pick<TaskLedger, 'load' | 'leased'>,
  now: () => number,
): Promise<ClusterStatus> {
  const [listed, routes, leased] = await Promise.all([fleet.list(), ledger.load(), ledger.leased()])
  const at = now()
  const agents = listed.map((agent): AgentStatus => ({ ...agent, cost: costOf(agent, at) }))
  const here = agents.filter(({ state }) => state === 'running' || state === 'draining')
  return {
    at,
    agents,
    hosts: new Set(here.map(({ host }) => host)).size,
    threads: sum(here.map(({ threads }) => threads)),
    busy: sum(here.map(({ busy }) => busy)),
    routes,
    tasksPerSecond: sum(routes.map(({ finishedLastMinute }) => finishedLastMinute)) / 60,
    stragglers: stragglersOf(leased, at).map((task) => ({ ...task, runningMs: at - task.leasedAt })),
    cost: costByCurrency(agents),
  }
}

function costOf({ price, joinedAt, heartbeatAt, leftAt, state }: Agent, at: number): number | null {
  if (price === null) return null
  // A lost agent is counted until it was last heard of: what its host cost afterwards is not known here.
  const until = leftAt ?? (state === 'lost' ? heartbeatAt : at)
  return (Math.max(0, until - joinedAt) / 3_600_000) * price.perHour
}

function costByCurrency(agents: readonly AgentStatus[]): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const { cost, price } of agents) {
    if (cost !== null && price !== null) totals[price.currency] = (totals[price.currency] ?? 0) + cost
  }
  return totals
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
