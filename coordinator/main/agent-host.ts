import { resolve } from 'node:path'
import { ownRoute, trainingRoute, type Route } from '#core/protocol'
import type { ObjectStore } from '#core/registry'
import { openLogger, silentLogger, type Logger } from '#platform/logging'
import { CachingObjectStore, openObjectStore } from '#platform/objects'
import type { ResolvedEngine } from '#platform/xgboost'
import {
  AgentMetrics,
  agentFacts,
  noticeSourceOf,
  openWorkerPool,
  readOwnTasks,
  WorkerAgent,
  type WorkerPoolOptions,
} from '#workers'
import type { AgentHost, AgentRequest, AgentVisit } from '../commands/agent-host.ts'
import type { Workshop } from '../commands/session.ts'
import { packageVersion } from '../version.ts'
import { Closers, serveMetrics, type FailureOptions } from '#platform/processes'

/** What the threads of an agent do, and which tasks may reach them. */
type Duty = Pick<WorkerPoolOptions, 'engine' | 'ownTasks'> & { readonly route: Route }

/** Objects, and the cache they are seen through, if any. */
interface Objects {
  readonly objects: ObjectStore
  readonly cache?: CachingObjectStore
}

/** How long servers that are away may keep the process once its agent has left, ms. */
const lastResortMs = 2000

/** Makes this process an agent: joins workers, queue, fleet and objects. */
export class LocalAgentHost implements AgentHost {
  private readonly workshop: Workshop<ResolvedEngine>
  private readonly note: (text: string) => void
  private readonly globals: FailureOptions
  private readonly closers = new Closers()
  private hasLeft = false

  constructor(workshop: Workshop<ResolvedEngine>, note: (text: string) => void, globals: FailureOptions) {
    this.workshop = workshop
    this.note = note
    this.globals = globals
  }

  async serve(request: AgentRequest, signal: AbortSignal): Promise<AgentVisit> {
    const { threads, price, host, notices } = request
    const sources = notices.map(noticeSourceOf)
    const { route, ...duty } = await this.dutyOf(request)
    const engine = duty.engine ? `${duty.engine.engine.name} ${duty.engine.engine.version}` : ''
    const facts = agentFacts({ route, threads, engine, price, host, version: packageVersion() })
    const log = this.logger().child({ host: facts.host, agent: facts.id })
    const say = (text: string) => {
      if (log === silentLogger) this.note(text)
      else log.info(text)
    }
    const { objects, cache } = this.objects(request, say)
    const metrics = new AgentMetrics(facts, cache && (() => cache.counts))
    await this.serveMetrics(request, metrics, say)
    const fleet = await this.workshop.fleet()
    const queue = await this.workshop.sharedQueue(request.queueUrl, route)

    const agent = new WorkerAgent({
      fleet,
      facts,
      log,
      watch: metrics,
      onNote: say,
      notices: sources,
      noticeTimeMs: request.noticeTimeMs,
      idleExitMs: request.idleExitMs,
      maxLifetimeMs: request.maxLifetimeMs,
      openPool: (watch) => openWorkerPool({ ...duty, queue, objects, threads, name: facts.id, watch, onNote: say }),
    })
    const { reason } = await agent.run(signal, () => {
      say(`agent ${facts.id} serves route ${route} with ${threads} thread${threads === 1 ? '' : 's'}`)
    })
    this.hasLeft = true
    log.info('agent left', { reason, ...agent.counts })
    return { agent: facts.id, route, reason, ...agent.counts }
  }

  /** Lets go of what serving opened. An agent that has left ends with status 0, whoever is away by then. */
  async close(): Promise<void> {
    if (this.hasLeft) setTimeout(() => process.exit(0), lastResortMs).unref()
    await this.closers.closeAll()
  }

  private async dutyOf({ duty }: AgentRequest): Promise<Duty> {
    if ('group' in duty) return { ownTasks: await readOwnTasks(duty.tasks), route: ownRoute(duty.group) }
    const engine = await this.workshop.engine(duty.engine)
    return { engine, route: trainingRoute(engine.engine) }
  }

  /** Objects behind a folder of this host, unless they are in one already. */
  private objects({ cacheBytes, duty }: AgentRequest, say: (text: string) => void): Objects {
    const { objects: url, home, s3Endpoint: endpoint } = this.workshop.config
    // Training tasks name objects that someone has put there; own tasks may need none at all.
    const store = openObjectStore({ url, home, endpoint, isFilled: 'engine' in duty })
    if (cacheBytes === 0 || url.startsWith(`${resolve(home)}/`)) return { objects: store }
    const folder = resolve(home, 'cache', 'objects')
    const cache = new CachingObjectStore({ store, folder, limitBytes: cacheBytes, onNote: say })
    return { objects: cache, cache }
  }

  private async serveMetrics({ metrics: where }: AgentRequest, metrics: AgentMetrics, say: (text: string) => void) {
    if (!where) return
    const server = await serveMetrics(metrics, where.port, where.host)
    this.closers.add(() => server.close())
    say(`metrics: ${server.address}`)
  }

  private logger(): Logger {
    const { json, verbose } = this.globals
    const level = this.workshop.config.log ?? (verbose ? 'debug' : json ? 'info' : 'silent')
    return level === 'silent' ? silentLogger : openLogger({ level, format: json ? 'json' : 'pretty' })
  }
}
