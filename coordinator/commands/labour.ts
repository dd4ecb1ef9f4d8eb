import type { EngineRef, Route, TaskQueue } from '#core/protocol'
import { trainingRoute } from '#core/protocol'
import { waitForWorkers, watchFleet } from '../cluster/index.ts'
import { PatientQueue, type Patience } from '../patience/index.ts'
import type { Session } from './session.ts'
import type { TrainingOptions } from './training-options.ts'

/** Those who do the tasks of a run: threads of this process, or agents of the fleet. */
export interface Labour {
  /** Settles the engine and says which. With `pinned` it is that very one. */
  engine(pinned?: EngineRef): Promise<EngineRef>
  /** The queue on which tasks for this engine are done, and how many threads do them. */
  start(engine: EngineRef): Promise<StartedLabour>
}

export interface StartedLabour {
  readonly queue: TaskQueue
  readonly threads: number
  /** Route of the agents; null: threads of this process. */
  readonly route: Route | null
  /** Finishes what runs in this process; agents elsewhere go on by themselves. Idempotent. */
  readonly stop: () => Promise<void>
}

/** Threads of this process. */
export function localLabour(
  options: Pick<TrainingOptions, 'engine' | 'threads'>,
  { workshop, metrics }: Session,
): Labour {
  let resolved: Awaited<ReturnType<typeof workshop.engine>> | undefined
  return {
    engine: async (pinned) => {
      resolved = await workshop.engine(options.engine, pinned)
      return resolved.engine
    },
    start: async (engine) => {
      resolved ??= await workshop.engine(options.engine, engine)
      const pool = await workshop.pool(resolved, options.threads ?? workshop.config.threads)
      metrics.threads = pool.threads
      return { queue: pool.queue, threads: pool.threads, route: null, stop: () => pool.drain() }
    },
  }
}

/** The same labour for several runs at once: started once for all, stopped by `end` when the last has ended. */
export function sharedLabour(labour: Labour): { readonly labour: Labour; readonly end: () => Promise<void> } {
  let engine: Promise<EngineRef> | undefined
  let started: Promise<StartedLabour> | undefined
  return {
    labour: {
      engine: (pinned) => (engine ??= labour.engine(pinned)),
      start: async (pinned) => ({ ...(await (started ??= labour.start(pinned))), stop: () => Promise.resolve() }),
    },
    end: async () => {
      await (await started)?.stop()
    },
  }
}

/** Agents that serve the queue at `url`. */
export function fleetLabour(
  url: string,
  options: Pick<TrainingOptions, 'engine' | 'waitForWorkers'>,
  session: Session,
  patience: Patience,
): Labour {
  const { workshop, metrics, signal } = session
  const note = (text: string): void => {
    session.note(text)
  }
  const agents = async () => {
    const fleet = await workshop.fleet()
    return patience.call('the database', () => fleet.list())
  }
  const choice = { agents, note, signal, choice: options.engine, limitMs: options.waitForWorkers * 1000 }
  return {
    engine: async (pinned) => {
      const { engine } = await waitForWorkers({ ...choice, pinned })
      return engine
    },
    start: async (engine) => {
      const route = trainingRoute(engine)
      const queue = new PatientQueue(
        await patience.call('the task queue', () => workshop.sharedQueue(url, route)),
        patience,
      )
      const serving = (await agents()).filter((agent) => agent.route === route && agent.state === 'running')
      const threads = serving.reduce((sum, agent) => sum + agent.threads, 0)
      metrics.threads = threads
      const onThreads = (now: number): void => {
        metrics.threads = now
      }
      const unwatch = watchFleet({ agents: async () => (await workshop.fleet()).list(), route, onThreads, note })
      return {
        queue,
        threads,
        route,
        stop: () => {
          unwatch()
          return Promise.resolve()
        },
      }
    },
  }
}
