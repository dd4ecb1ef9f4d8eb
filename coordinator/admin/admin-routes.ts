import type { FastifyInstance } from 'fastify'
import type { RunMetrics } from '../run-metrics.ts'
import type { AdminSources } from './admin-sources.ts'
import { boardPlugin } from './board.ts'
import { clusterFigures } from './cluster-figures.ts'
import { indexPage } from './index-page.ts'
import { AdminMetrics } from './metrics.ts'
import { stragglersOf } from './stragglers-of.ts'

/** Adds the pages. A part that does not answer within `partTimeoutMs` is shown as down. */
export async function addAdminRoutes(
  app: FastifyInstance,
  sources: AdminSources,
  partTimeoutMs: number,
): Promise<void> {
  const { run, queues = [], now } = sources
  const metrics = new AdminMetrics()
  const figures = () => clusterFigures(sources, partTimeoutMs)

  app.get('/', (_, reply) => reply.type('text/html').send(indexPage(run.runId, queues.length > 0)))

  app.get('/metrics', async (_, reply) => {
    const text = await metrics.text(run, await figures(), now())
    return reply.type(metrics.contentType).send(text)
  })

  app.get('/status.json', async () => {
    if (sources.status) return sources.status()
    const { up, agents, loads, leased } = await figures()
    return { run: runDocument(run), up, agents, queues: loads, stragglers: stragglersOf(leased, now()) }
  })

  app.get('/health', async (_, reply) => {
    const { up } = await figures()
    const isHealthy = Object.values(up).every(Boolean)
    return reply.status(isHealthy ? 200 : 503).send({ healthy: isHealthy, up: { coordinator: true, ...up } })
  })

  if (queues.length > 0) await app.register(boardPlugin(queues, '/queues'), { prefix: '/queues' })
}

/** A recorder keeps more than values. */
function runDocument({
  runId,
  stage,
  tasks,
  trials,
  plannedTrials,
  bestScore,
  bestNaive,
  threads,
  awayMs,
}: RunMetrics) {
  return { runId, stage, tasks, trials, plannedTrials, bestScore, bestNaive, threads, awayMs }
}
