import type { ProgressEvent, StageName } from './progress.ts'
import { noTasks, type TaskCounters } from './tasks/index.ts'

/** What a dashboard may read of the run this process works on, at any moment; values only grow unless said. */
export interface RunMetrics {
  /** Null before a run is opened. */
  readonly runId: string | null
  /** The stage at work; null between stages. */
  readonly stage: StageName | null
  readonly tasks: TaskCounters
  /** Finished trials by state, and how many the run plans (0 before the search). */
  readonly trials: { readonly complete: number; readonly pruned: number; readonly failed: number }
  readonly plannedTrials: number
  /** AUC of the best trial so far, null before the first. */
  readonly bestScore: number | null
  /** AUC of the naive number on the rows of the best trial. */
  readonly bestNaive: number | null
  /** Threads that serve the run, of this process or of the fleet; goes up and down. */
  readonly threads: number
  /** What cannot be reached just now, and for how long each has been away in all, ms. */
  readonly away: readonly string[]
  readonly awayMs: Readonly<Record<string, number>>
}

/** Keeps {@link RunMetrics} from what a run tells anyway. `now` answers ms of any origin. */
export class RunMetricsRecorder implements RunMetrics {
  runId: string | null = null
  stage: StageName | null = null
  tasks: TaskCounters = noTasks
  trials = { complete: 0, pruned: 0, failed: 0 }
  plannedTrials = 0
  bestScore: number | null = null
  bestNaive: number | null = null
  threads = 0
  private readonly now: () => number
  private readonly awaySince = new Map<string, number>()
  private readonly awayBefore = new Map<string, number>()

  constructor(now: () => number = () => performance.now()) {
    this.now = now
  }

  get away(): readonly string[] {
    return [...this.awaySince.keys()]
  }

  get awayMs(): Readonly<Record<string, number>> {
    const names = new Set([...this.awayBefore.keys(), ...this.awaySince.keys()])
    return Object.fromEntries([...names].map((name) => [name, this.awayMsOf(name)]))
  }

  /** Reads the same events as the display. */
  readonly onProgress = (event: ProgressEvent): void => {
    if (event.kind === 'run') this.runId = event.runId
    else if (event.kind === 'stage-start') this.stage = event.stage
    else if (event.kind === 'stage-end') this.stage = null
    else if (event.kind === 'trial') {
      this.trials = { ...this.trials, [event.state]: this.trials[event.state] + 1 }
      this.plannedTrials = event.trials
      this.bestScore = event.best?.score ?? null
      this.bestNaive = event.best?.naive ?? null
    }
  }

  readonly onTasks = (counters: TaskCounters): void => {
    this.tasks = counters
  }

  onAway(what: string): void {
    if (!this.awaySince.has(what)) this.awaySince.set(what, this.now())
  }

  onBack(what: string): void {
    this.awayBefore.set(what, this.awayMsOf(what))
    this.awaySince.delete(what)
  }

  private awayMsOf(what: string): number {
    const since = this.awaySince.get(what)
    return (this.awayBefore.get(what) ?? 0) + (since === undefined ? 0 : this.now() - since)
  }
}
