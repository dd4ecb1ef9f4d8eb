import type { ConsumeOptions, Consumer, Task, TaskHandler, TaskOutcome, TaskQueue } from '#core/protocol'
import type { Patience } from './patience.ts'

/**
 * The producer's calls on a queue may be made again: a known task is left as it is, and what was cancelled, reopened or
 * forgotten stays so.
 */
export class PatientQueue implements TaskQueue {
  private readonly queue: TaskQueue
  private readonly patience: Patience

  constructor(queue: TaskQueue, patience: Patience) {
    this.queue = queue
    this.patience = patience
  }

  enqueue(tasks: readonly Task[]): Promise<void> {
    return this.patience.call(what, () => this.queue.enqueue(tasks))
  }

  cancel(runId: string, options?: { readonly running: 'abort' | 'finish' }): Promise<void> {
    return this.patience.call(what, () => this.queue.cancel(runId, options))
  }

  reopen(runId: string): Promise<void> {
    return this.patience.call(what, () => this.queue.reopen(runId))
  }

  forget(runId: string): Promise<void> {
    return this.patience.call(what, () => this.queue.forget(runId))
  }

  onOutcome(runId: string, listener: (outcome: TaskOutcome) => void): () => void {
    return this.queue.onOutcome(runId, listener)
  }

  consume(handler: TaskHandler, options: ConsumeOptions): Consumer {
    return this.queue.consume(handler, options)
  }

  close(): Promise<void> {
    return this.queue.close()
  }
}

const what = 'the task queue'
