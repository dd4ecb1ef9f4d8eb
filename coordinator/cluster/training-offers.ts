import { trainingRoute, type Agent, type EngineRef, type Route } from '#core/protocol'

/** What the fleet offers for one engine. */
export interface TrainingOffer {
  readonly engine: EngineRef
  readonly route: Route
  readonly agents: number
  readonly hosts: number
  readonly threads: number
}

/**
 * Engines that running agents with this very code serve, the one with most threads first, equal ones by name. Agents
 * of other versions, draining and lost ones offer nothing.
 */
export function trainingOffers(agents: readonly Agent[]): TrainingOffer[] {
  const routes = new Map<Route, Agent[]>()
  for (const agent of agents) {
    const engine = engineOf(agent)
    if (agent.state !== 'running' || engine === null || trainingRoute(engine) !== agent.route) continue
    routes.set(agent.route, [...(routes.get(agent.route) ?? []), agent])
  }
  const offers = [...routes].map(([route, serving]) => ({
    engine: engineOf(serving[0]!)!,
    route,
    agents: serving.length,
    hosts: new Set(serving.map(({ host }) => host)).size,
    threads: serving.reduce((sum, { threads }) => sum + threads, 0),
  }))
  return offers.sort((a, b) => b.threads - a.threads || (a.route < b.route ? -1 : 1))
}

/** `native 1.7.4` as a reference; null for an agent without an engine. */
function engineOf({ engine }: Agent): EngineRef | null {
  const [name, ...version] = engine.split(' ')
  return name === 'native' || name === 'wasm' ? { name, version: version.join(' ') } : null
}
