import { featureSet, featureSetNames } from '#core/features'
import { sha256Json } from '#core/hashing'
import { protocolVersion, type EngineRef } from './tasks.ts'

/**
 * Which agents may run a task: those that serve its route. A route is one queue. Protocol, engine with version and the
 * hash of every feature set are part of its name, so that a task never reaches an agent that would answer otherwise.
 * Letters, digits, dots and dashes only.
 */
export type Route = string

/** The route of training tasks pinned to `engine`, for code that computes features as this code does. */
export function trainingRoute(engine: EngineRef): Route {
  const features = sha256Json(featureSetNames.map((name) => [name, featureSet(name).hash])).slice(0, 8)
  return clean(`train-p${protocolVersion}-${engine.name}-${engine.version}-${features}`)
}

/** The route of users' own tasks in `group`, the name agents and clients agree on. */
export function ownRoute(group: string): Route {
  return clean(`own-p${protocolVersion}-${group}`)
}

function clean(route: string): Route {
  return route.replace(/[^A-Za-z0-9.-]/g, '-')
}
