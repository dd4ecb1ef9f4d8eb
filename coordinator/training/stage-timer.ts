import { withSpan } from '#platform/telemetry'
import type { ProgressListener, StageName } from '../progress.ts'
import type { TaskClient, TaskCounters } from '../tasks/index.ts'

/** How long a stage took, how many tasks it ran (found results included) and their time inside the booster, summed. */
export interface StageTiming {
  readonly stage: StageName
  readonly ms: number
  readonly tasks: number
  readonly fitMs: number
}

/** Runs stages one after another, tells the listener, and keeps the timings for the report. */
export class StageTimer {
  readonly timings: StageTiming[] = []
  private readonly progress: ProgressListener
  private readonly now: () => number
  private readonly tasks: Pick<TaskClient, 'counters' | 'watch'>

  constructor(progress: ProgressListener, now: () => number, tasks: Pick<TaskClient, 'counters' | 'watch'>) {
    this.progress = progress
    this.now = now
    this.tasks = tasks
  }

  /** Runs `work`, of `tasks` tasks, as `stage`; `describe` says in one line what came out of it. */
  async run<T>(stage: StageName, work: () => Promise<T>, describe: (result: T) => string, tasks?: number): Promise<T> {
    const startedAt = this.now()
    const before = this.tasks.counters()
    this.progress({ kind: 'stage-start', stage, ...(tasks === undefined ? {} : { tasks }) })
    const unwatch = this.tasks.watch((counters) => {
      const done = finished(counters) - finished(before)
      if (tasks !== undefined) this.progress({ kind: 'stage-progress', stage, done, tasks })
    })
    const result = await withSpan(`stage ${stage}`, { 'bullpen.stage': stage }, work).finally(unwatch)
    const after = this.tasks.counters()
    const timing = {
      stage,
      ms: this.now() - startedAt,
      tasks: finished(after) - finished(before),
      fitMs: Math.round(after.fitMs - before.fitMs),
    }
    this.timings.push(timing)
    this.progress({ kind: 'stage-end', stage, ms: timing.ms, text: describe(result) })
    return result
  }
}

function finished({ tasks, recorded }: TaskCounters): number {
  return tasks + recorded
}
