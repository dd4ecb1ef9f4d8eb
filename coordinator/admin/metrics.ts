import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { RunMetrics } from '../run-metrics.ts'
import type { ClusterStatus } from '../cluster/index.ts'
import type { ClusterFigures } from './cluster-figures.ts'

/** Everything /metrics says besides the defaults of the process: [name, meaning, labels]. docs/operations.md lists the same. */
export const metricTable = [
  ['bullpen_up', '1 when the part answered within the time of a scrape', ['part']],
  ['bullpen_run_info', '1 for a run of this process and the stage it is in', ['run', 'stage']],
  ['bullpen_run_trials_planned', 'trials the run is to make', ['run']],
  ['bullpen_run_trials', 'trials finished, by state', ['run', 'state']],
  ['bullpen_run_tasks', 'tasks ended, by outcome; recorded: found from an earlier attempt', ['run', 'outcome']],
  ['bullpen_run_best_score', 'best mean AUC of a trial so far', ['run']],
  ['bullpen_run_best_naive', 'AUC of the naive number on the rows of the best trial', ['run']],
  ['bullpen_run_threads', 'threads that serve the run, here or on agents', ['run']],
  ['bullpen_run_away_seconds', 'how long a part could not be reached, in all', ['run', 'part']],
  ['bullpen_queue_tasks', 'tasks on a route: waiting for a worker, or leased to one', ['route', 'state']],
  ['bullpen_queue_finished_last_minute', 'tasks of a route that ended within the last minute', ['route']],
  ['bullpen_agents', 'agents seen within the last hour, by state', ['state']],
  ['bullpen_agent_threads', 'threads of a running or draining agent', ['agent', 'host']],
  ['bullpen_agent_threads_busy', 'threads of it at work', ['agent', 'host']],
  ['bullpen_stragglers', 'leased tasks that run much longer than their kind does', []],
  ['bullpen_cluster_cost', 'cost of the agents seen within the last hour, where prices are known', ['currency']],
] as const satisfies readonly (readonly [string, string, readonly string[]])[]

type MetricName = (typeof metricTable)[number][0]
type Labels = Readonly<Record<string, string>>

/** The metrics of one admin port, in a registry of their own. */
export class AdminMetrics {
  readonly contentType: string
  private readonly registry = new Registry()
  private readonly gauges: ReadonlyMap<MetricName, Gauge>

  constructor() {
    this.contentType = this.registry.contentType
    collectDefaultMetrics({ register: this.registry })
    const gaugeOf = ([name, help, labels]: (typeof metricTable)[number]) =>
      new Gauge({ name, help, labelNames: [...labels], registers: [this.registry] })
    this.gauges = new Map(metricTable.map((row) => [row[0], gaugeOf(row)]))
  }

  /** The text of a scrape that found these figures. */
  async text(runs: readonly RunMetrics[], { up, cluster }: ClusterFigures): Promise<string> {
    for (const gauge of this.gauges.values()) gauge.reset()
    this.set('bullpen_up', { part: 'coordinator' }, 1)
    for (const [part, isUp] of Object.entries(up)) this.set('bullpen_up', { part }, Number(isUp))
    for (const run of runs) if (run.runId !== null) this.setRun(run.runId, run)
    // What is not known is left out: a zero would be an answer.
    if (cluster) this.setCluster(cluster)
    return this.registry.metrics()
  }

  private setRun(run: string, metrics: RunMetrics): void {
    const { stage, trials, plannedTrials, tasks, bestScore, bestNaive, threads, awayMs } = metrics
    this.set('bullpen_run_info', { run, stage: stage ?? '' }, 1)
    this.set('bullpen_run_trials_planned', { run }, plannedTrials)
    for (const [state, count] of Object.entries(trials)) this.set('bullpen_run_trials', { run, state }, count)
    const outcomes = { ok: tasks.tasks - tasks.failed, failed: tasks.failed, recorded: tasks.recorded }
    for (const [outcome, count] of Object.entries(outcomes)) this.set('bullpen_run_tasks', { run, outcome }, count)
    if (bestScore !== null) this.set('bullpen_run_best_score', { run }, bestScore)
    if (bestNaive !== null) this.set('bullpen_run_best_naive', { run }, bestNaive)
    this.set('bullpen_run_threads', { run }, threads)
    for (const [part, ms] of Object.entries(awayMs)) this.set('bullpen_run_away_seconds', { run, part }, ms / 1000)
  }

  private setCluster({ agents, routes, stragglers, cost }: ClusterStatus): void {
    for (const { route, waiting, leased, finishedLastMinute } of routes) {
      this.set('bullpen_queue_tasks', { route, state: 'waiting' }, waiting)
      this.set('bullpen_queue_tasks', { route, state: 'leased' }, leased)
      this.set('bullpen_queue_finished_last_minute', { route }, finishedLastMinute)
    }
    for (const state of ['running', 'draining', 'left', 'lost'] as const) {
      this.set('bullpen_agents', { state }, agents.filter((agent) => agent.state === state).length)
    }
    for (const { id: agent, host, threads, busy, state } of agents) {
      if (state !== 'running' && state !== 'draining') continue
      this.set('bullpen_agent_threads', { agent, host }, threads)
      this.set('bullpen_agent_threads_busy', { agent, host }, busy)
    }
    this.set('bullpen_stragglers', {}, stragglers.length)
    for (const [currency, amount] of Object.entries(cost)) this.set('bullpen_cluster_cost', { currency }, amount)
  }

  private set(name: MetricName, labels: Labels, value: number): void {
    this.gauges.get(name)!.set(labels, value)
  }
}
