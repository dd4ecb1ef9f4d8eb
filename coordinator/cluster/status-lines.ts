import { counted } from '../counted.ts'
import { duration } from '../durations.ts'
import type { AgentStatus, ClusterStatus } from './cluster-status.ts'

/** The cluster for a person, one line per agent, route and straggler. */
export function statusLines(status: ClusterStatus): string[] {
  const { agents, hosts, threads, busy, routes, tasksPerSecond, stragglers, cost, at } = status
  if (agents.length === 0 && routes.length === 0) return ['no agent has joined: bullpen worker --queue URL']
  const money = Object.entries(cost).map(([currency, amount]) => `${amount.toFixed(2)} ${currency} so far`)
  const totals = [
    counted(hosts, 'host'),
    `${busy}/${threads} threads busy`,
    `${tasksPerSecond.toFixed(1)} tasks/s`,
    ...money,
  ]
  return [
    totals.join('  '),
    ...agents.map((agent) => agentLine(agent, at)),
    ...routes.map(
      ({ route, waiting, leased, finishedLastMinute }) =>
        `queue  ${route}  ${waiting} waiting, ${leased} running, ${finishedLastMinute} in the last minute`,
    ),
    ...stragglers.map(
      ({ id, worker, attempt, runningMs, meanMs }) =>
        `slow   ${id}  ${duration(runningMs)}, others of its kind take ${duration(meanMs!)}; attempt ${attempt} on ${worker}`,
    ),
  ]
}

function agentLine(agent: AgentStatus, at: number): string {
  const { host, pid, state, busy, threads, done, failed, engine, price, cost, heartbeatAt, leftBecause } = agent
  const parts = [
    `agent  ${host}/${pid}`,
    leftBecause === null ? state : `${state} (${leftBecause})`,
    `${busy}/${threads} busy`,
    `${done} done${failed > 0 ? `, ${failed} failed` : ''}`,
    `heard ${duration(at - heartbeatAt)} ago`,
    engine,
    price === null ? '' : `${price.perHour} ${price.currency}/h, ${cost!.toFixed(2)} so far`,
  ]
  return parts.filter((part) => part !== '').join('  ')
}
