import type { FastifyInstance } from 'fastify'
import type { RunMetrics } from '../run-metrics.ts'
import type { AdminSources } from './admin-sources.ts'
import { boardPlugin } from './board.ts'
import { clusterFigures } from './cluster-figures.ts'
import { indexPage } from './index-page.ts'
import { AdminMetrics } from './metrics.ts'

/** Adds the pages. A part that does not answer within `partTimeoutMs` is shown as down. */
export async function addAdminRoutes(
  app: FastifyInstance,
  sources: AdminSources,
  partTimeoutMs: number,
): Promise<void> {
  const metrics = new AdminMetrics()
  const runs = () => sources.runs().filter(({ runId }) => runId !== null)
  const figures = () => clusterFigures(sources, partTimeoutMs)

  app.get('/', (_, reply) => reply.type('text/html').send(indexPage(runs().map(({ runId }) => runId!))))

  app.get('/metrics', async (_, reply) => {
    const text = await metrics.text(runs(), await figures())
    return reply.type(metrics.contentType).send(text)
  })

  app.get('/status.json', async () => ({ runs: runs().map(runDocument), ...(await figures()) }))

  app.get('/health', async (_, reply) => {
    const { up } = await figures()
    const isHealthy = Object.values(up).every(Boolean)
    return reply.status(isHealthy ? 200 : 503).send({ healthy: isHealthy, up: { coordinator: true, ...up } })
  })

  const queues = sources.queues ?? (() => Promise.resolve([]))
  await app.register(boardPlugin({ queues, path: '/queues', timeoutMs: partTimeoutMs }), { prefix: '/queues' })
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
