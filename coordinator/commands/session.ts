import type { CandleSeries, CandleStore } from '#core/candles'
import type { EngineRef, Fleet, RentalLedger, Route, TaskLedger, TaskQueue } from '#core/protocol'
import type { DriftActions, ModelRegistry, ObjectStore, RunStore, ShardIndex } from '#core/registry'
import type { ScheduleStore } from '#core/schedule'
import type { WebhookOutbox } from '#core/webhooks'
import type { Config } from '#platform/config'
import type { Alarm } from '#platform/queue'
import type { WebhookCourier } from '#platform/webhooks'
import type { BoardQueue } from '../admin/index.ts'
import type { ProgressListener } from '../progress.ts'
import type { ClusterSite, RentalBooks } from '../rentals/index.ts'
import type { RunMetrics, RunMetricsRecorder } from '../run-metrics.ts'
import type { AgentHost } from './agent-host.ts'
import type { ClusterPlace } from './cluster-options.ts'
import type { SeriesOptions } from './series-options.ts'

/** A resolved engine as the coordinator sees it: what to pin a run to, and whatever the pool needs to open it. */
export interface SessionEngine {
  readonly engine: EngineRef
}

/** A task queue with a pool of threads behind it. */
export interface TrainingPool {
  readonly queue: TaskQueue
  readonly threads: number
  /** Finishes what runs and ends the threads. Idempotent. */
  drain(): Promise<void>
}

/** What commands ask for; each thing is opened once, when first asked for, and closed by whoever made the workshop. */
export interface Workshop<Engine extends SessionEngine = SessionEngine> {
  readonly config: Config
  candleStore(): Promise<CandleStore>
  registry(): Promise<ModelRegistry>
  runs(): Promise<RunStore>
  objects(): ObjectStore
  shards(): Promise<ShardIndex>
  /** What watching models led to, in the registry's database. */
  driftActions(): Promise<DriftActions>
  /** What is due when, in the registry's database. */
  schedules(): Promise<ScheduleStore>
  webhookOutbox(): Promise<WebhookOutbox>
  /** Tells the configured endpoints what happens, from the first call on and until the workshop is closed. */
  webhooks(): Promise<Pick<WebhookCourier, 'tell' | 'deliverDue'>>
  /** Rings when a cron expression says so, on the Redis at `url`. Throws QUEUE_UNAVAILABLE. */
  alarm(url: string, name: string, cron: string, onRing: () => void): Promise<Alarm>
  /** Settles the engine and says which. With `pinned` it must be that very engine and version: ENGINE_DIFFERS. */
  engine(choice: string, pinned?: EngineRef): Promise<Engine>
  pool(engine: Engine, threads: number): Promise<TrainingPool>
  /** Agents that are known in the registry's database. */
  fleet(): Promise<Fleet>
  /** What was ever rented, in the registry's database. */
  rentals(): Promise<RentalLedger>
  /** Tasks on shared queues, in the registry's database. */
  ledger(): Promise<TaskLedger>
  /** The shared queue of one route on the Redis at `url`. Throws QUEUE_UNAVAILABLE. */
  sharedQueue(url: string, route: Route): Promise<TaskQueue>
  /** The shared queues opened so far, for pages to look at; each the same object every time. */
  queuesForPages(): Promise<readonly BoardQueue[]>
  /** Switches traces of this process on when the configuration asks for them; before a queue is opened, which joins in. */
  startTracing(service: string): Promise<void>
  /** Private key (PEM) that signs certificates, made on first use. Throws TOKEN_FILE_UNSAFE. */
  signingKey(): Promise<string>
  /** Folder of a run's files, e.g. its report. */
  runFolder(runId: string): string
}

/** One invocation of the command line. Answers go to stdout, everything else to stderr. */
export interface Session {
  readonly workshop: Workshop
  readonly agents: AgentHost
  /** True: one JSON document on stdout. */
  readonly json: boolean
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal
  readonly progress: ProgressListener
  /** What dashboards read. */
  readonly metrics: RunMetricsRecorder
  /** The same of every run of this process: its own, and those of several series. */
  readonly watched: RunMetrics[]
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** One line on stderr about what bullpen chose or what comes next. */
  note(text: string): void
  /** The command's answer: `value` with --json, otherwise its lines. */
  answer<T>(value: T, lines: (value: T) => readonly string[]): void
  /** An answer that is given again and again: redrawn in place on a terminal, one JSON line each otherwise. */
  refresh<T>(value: T, lines: (value: T) => readonly string[]): void
  /** Part of what was asked for failed: the command answers, and the exit status is 1. */
  fail(): void
  /** Runs `bullpen ...args` as a process of its own, with its output as this one's; its exit status. Asked to stop when `signal` aborts. */
  spawn(args: readonly string[], signal: AbortSignal): Promise<number>
  /** Rentals, clusters and the fleet in the registry's database. */
  books(): RentalBooks
  /** Where clusters are rented at that target. Throws USAGE for settings that it does not have. */
  clusterSite(where: ClusterPlace): Promise<ClusterSite>
  /** What stopping at once would do, after the words `stops at once and`: told before a third Ctrl-C does it. Null: nothing is lost. */
  wouldBeLost(text: string | null): void
  /** Candles from any source of the grammar; shown as a stage. */
  loadSeries(source: string, options: SeriesOptions): Promise<CandleSeries>
}

/** The same session with other members: each method still that of the one it is made from. */
export function sessionWith(session: Session, changes: Partial<Session>): Session {
  return {
    workshop: session.workshop,
    agents: session.agents,
    json: session.json,
    signal: session.signal,
    progress: session.progress,
    metrics: session.metrics,
    watched: session.watched,
    now: session.now,
    note: session.note.bind(session),
    answer: session.answer.bind(session),
    fail: session.fail.bind(session),
    refresh: session.refresh.bind(session),
    spawn: session.spawn.bind(session),
    books: session.books.bind(session),
    clusterSite: session.clusterSite.bind(session),
    wouldBeLost: session.wouldBeLost.bind(session),
    loadSeries: session.loadSeries.bind(session),
    ...changes,
  }
}
