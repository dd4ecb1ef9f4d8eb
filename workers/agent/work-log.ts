import type { Task } from '#core/protocol'
import type { Logger } from '#platform/logging'
import type { AttemptResult, TaskWatch } from '../task-watch.ts'

/** Counts an agent's attempts, logs them, and knows since when it has had nothing to do. */
export class WorkLog implements TaskWatch {
  busy = 0
  done = 0
  failed = 0
  private readonly log: Logger
  private readonly onChange: () => void

  /** `onChange` is called after each change of `busy`. */
  constructor(log: Logger, onChange: () => void) {
    this.log = log
    this.onChange = onChange
  }

  started(task: Task): void {
    this.busy += 1
    this.log.debug('task started', aboutOf(task))
    this.onChange()
  }

  ended(task: Task, { outcome, ms }: AttemptResult): void {
    this.busy -= 1
    if (!notOurs.has(outcome)) {
      this.done += 1
      if (outcome !== 'ok') this.failed += 1
    }
    const fields = { ...aboutOf(task), outcome, ms: Math.round(ms) }
    if (outcome === 'ok' || notOurs.has(outcome)) this.log.info('task ended', fields)
    else this.log.warn('task failed', fields)
    this.onChange()
  }
}

/** Attempts that end for a reason outside the task and its worker. */
const notOurs: ReadonlySet<string> = new Set(['TASK_HANDED_BACK', 'TASK_CANCELLED', 'LEASE_LOST'])

function aboutOf({ id, runId, key, name }: Task): Record<string, unknown> {
  const trial = /(?:^|\/)trial-(\d+)/.exec(key)?.[1]
  return { run: runId, task: id, kind: name, ...(trial === undefined ? {} : { trial: Number(trial) }) }
}
