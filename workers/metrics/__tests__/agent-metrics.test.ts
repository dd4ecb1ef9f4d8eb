import { afterEach, expect, test } from '@jest/globals'
import { deedTask } from '../../__tests__/fixtures/pool-fixture.ts'
import { agentFacts } from '../../agent/agent-facts.ts'
import { AgentMetrics } from '../agent-metrics.ts'
import { serveMetrics, type MetricsServer } from '#platform/processes'

const facts = agentFacts({ route: 'r', threads: 3, engine: 'e', price: null, version: '1', host: 'h' })
const servers: MetricsServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(metrics: AgentMetrics, port = 0) {
  const server = await serveMetrics(metrics, port, '127.0.0.1')
  servers.push(server)
  return server.address
}

test('attempts are counted by kind and outcome, beside threads, durations, cache and process', async () => {
  const metrics = new AgentMetrics(facts, () => ({ bytes: 7, hits: 5, misses: 2 }))
  const task = deedTask('a', 'count', '0'.repeat(64))
  const address = await serve(metrics)
  for (const outcome of ['ok', 'ok', 'TASK_TIMEOUT', 'LEASE_LOST'] as const) {
    metrics.started()
    metrics.ended(task, { outcome, ms: 20 })
  }
  metrics.started()
  const response = await fetch(address)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
  const lines = (await response.text()).split('\n')
  const labels = 'host="h",route="r"'
  for (const line of [
    `bullpen_worker_tasks_total{kind="features",outcome="ok",${labels}} 2`,
    `bullpen_worker_tasks_total{kind="features",outcome="TASK_TIMEOUT",${labels}} 1`,
    `bullpen_worker_task_seconds_bucket{le="0.03",${labels},kind="features"} 4`,
    `bullpen_worker_leases_lost_total{${labels}} 1`,
    `bullpen_worker_threads_busy{${labels}} 1`,
    `bullpen_worker_threads{${labels}} 3`,
    `bullpen_worker_cache_bytes{${labels}} 7`,
    `bullpen_worker_cache_hits{${labels}} 5`,
    `bullpen_worker_cache_misses{${labels}} 2`,
  ]) {
    expect(lines).toContain(line)
  }
  expect(lines.some((line) => line.startsWith('nodejs_eventloop_lag_seconds'))).toBe(true)
  expect(lines.some((line) => line.startsWith('process_resident_memory_bytes'))).toBe(true)
})

test('nothing but GET /metrics is answered, and a port in use is wrong usage', async () => {
  const address = await serve(new AgentMetrics(facts))
  expect((await fetch(address, { method: 'POST' })).status).toBe(404)
  expect((await fetch(new URL('/', address))).status).toBe(404)
  const { port } = new URL(address)
  await expect(serve(new AgentMetrics(facts), Number(port))).rejects.toMatchObject({ code: 'USAGE' })
})
