import type { HostAgent, Run } from '#core/registry'
import { RunPath, RunsQuery } from '../api/requests.ts'
import { Cluster, RunDetail, RunList } from '../api/schemas.ts'
import { limits } from '../app/limits.ts'
import type { AppOptions } from '../app/app-options.ts'
import { answers, type ServiceApp } from '../app/route.ts'
import { isoTime } from './iso-time.ts'

const reads = { config: { scope: 'read' }, handlerTimeout: limits.handlerMs } as const
const tags = ['training']

/** `GET /v1/runs`, one run with its trials, and `GET /v1/cluster`. */
export function addTrainingRoutes(app: ServiceApp, { parts }: AppOptions): void {
  const { hosts, runs } = parts

  app.get(
    '/v1/runs',
    {
      ...reads,
      schema: {
        tags,
        summary: 'Training runs, newest first',
        operationId: 'listRuns',
        querystring: RunsQuery,
        response: answers(RunList),
      },
    },
    async ({ query }) => ({ items: (await runs.list(query.limit ?? 20)).map(runDocument) }),
  )

  app.get(
    '/v1/runs/:id',
    {
      ...reads,
      schema: {
        tags,
        summary: 'One run with its trials',
        operationId: 'getRun',
        params: RunPath,
        response: answers(RunDetail),
      },
    },
    async ({ params }) => {
      const [run, trials] = await Promise.all([runs.get(params.id), runs.trials(params.id)])
      return {
        ...runDocument(run),
        spec: run.spec,
        summary: run.summary,
        trials: trials.map(({ number, state, parameters, score, metrics, durationMs }) => ({
          number,
          state,
          parameters,
          score,
          naive: metrics['naiveRocAucOvrWeighted'] ?? null,
          durationMs,
        })),
      }
    },
  )

  app.get(
    '/v1/cluster',
    {
      ...reads,
      schema: { tags, summary: 'Training hosts and their load', operationId: 'getCluster', response: answers(Cluster) },
    },
    async () => clusterDocument(await hosts.list()),
  )
}

function runDocument({ id, state, createdAt, updatedAt, error }: Run) {
  return {
    id,
    state,
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
    error: error && { code: error.code, message: error.message },
  }
}

function clusterDocument(agents: readonly HostAgent[]) {
  const present = agents.filter(({ state }) => state === 'running' || state === 'draining')
  const names = [...new Set(agents.map(({ host }) => host))]
  const hosts = names.map((host) => {
    const all = agents.filter((agent) => agent.host === host)
    const here = present.filter((agent) => agent.host === host)
    return {
      host,
      cores: Math.max(...all.map(({ cores }) => cores)),
      threads: sum(here, 'threads'),
      busy: sum(here, 'busy'),
      agents: all.map(agentDocument),
    }
  })
  return { hosts, threads: sum(present, 'threads'), busy: sum(present, 'busy') }
}

function agentDocument({ id, route, state, engine, threads, busy, done, failed, joinedAt, heartbeatAt }: HostAgent) {
  const times = { joinedAt: isoTime(joinedAt), heartbeatAt: isoTime(heartbeatAt) }
  return { id, route, state, engine, threads, busy, done, failed, ...times }
}

function sum(agents: readonly HostAgent[], field: 'threads' | 'busy'): number {
  return agents.reduce((total, agent) => total + agent[field], 0)
}
