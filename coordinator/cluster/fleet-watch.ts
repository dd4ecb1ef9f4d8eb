import type { Agent, Route } from '#core/protocol'
import { counted } from '../counted.ts'

export interface FleetWatchOptions {
  readonly agents: () => Promise<readonly Agent[]>
  readonly route: Route
  /** The number of threads that serve the route, whenever it is looked at. */
  readonly onThreads: (threads: number) => void
  readonly note: (text: string) => void
  readonly everyMs?: number
}

/** Looks after those who serve a run, and says when nobody does. Returns how to stop it. */
export function watchFleet({ agents, route, onThreads, note, everyMs = 5000 }: FleetWatchOptions): () => void {
  let isDeserted = false
  const look = async (): Promise<void> => {
    const serving = (await agents()).filter((agent) => agent.route === route && agent.state === 'running')
    const threads = serving.reduce((sum, agent) => sum + agent.threads, 0)
    onThreads(threads)
    if (threads === 0 && !isDeserted) note('no agent serves this run any more: waiting for one to come')
    if (threads > 0 && isDeserted)
      note(`${counted(serving.length, 'agent')} with ${counted(threads, 'thread')} serve this run again`)
    isDeserted = threads === 0
  }
  // A database that is away is told of by those who need it.
  const timer = setInterval(() => void look().catch(() => undefined), everyMs)
  return () => {
    clearInterval(timer)
  }
}
