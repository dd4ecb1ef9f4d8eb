import type { Task, TaskHandler, TaskPayload } from '#core/protocol'
import { MemoryRunStore, MemoryTaskQueue } from '#platform/memory'
import { TaskClient, type TaskClientOptions } from '../task-client.ts'

/** The table that every task answers with. */
export const hash = 'ab'.repeat(32)

export function payload(name: string): TaskPayload<'features'> {
  return { candles: hash, featureSet: name, featureSetHash: hash, label: { name: 'none', parameters: {} } }
}

/** The key without what tells payloads apart. */
export function plainKey(task: Task): string {
  return task.key.split('@')[0]!
}

/** Asks for a task whose payload is named as its key. */
export function ask(tasks: TaskClient, key: string) {
  return tasks.run('features', key, payload(key))
}

/** As many rows as the payload's name has letters. */
export const answering: TaskHandler = (task) => {
  const { featureSet } = (task as Task<'features'>).payload
  return Promise.resolve({ table: hash, rows: featureSet.length, columns: 1 })
}

/** Keeps what was enqueued together. */
export class CountingQueue extends MemoryTaskQueue {
  readonly batches: string[][] = []

  override enqueue(tasks: readonly Task[]): Promise<void> {
    this.batches.push(tasks.map(plainKey))
    return super.enqueue(tasks)
  }
}

const open = new Set<MemoryTaskQueue>()

/** A queue that {@link closeQueues} closes. */
export function closedLater<Q extends MemoryTaskQueue>(queue: Q): Q {
  open.add(queue)
  return queue
}

/** For `afterEach`. */
export async function closeQueues(): Promise<void> {
  for (const queue of open) await queue.close()
  open.clear()
}

/** A client of one run over a queue in memory; with a handler a consumer is at work too. */
export async function openClient(
  more: Partial<TaskClientOptions> & { runs?: MemoryRunStore; handler?: TaskHandler; concurrency?: number } = {},
) {
  const { runs = new MemoryRunStore(), handler, concurrency = 2, ...options } = more
  if ((await runs.list(1)).length === 0) await runs.create('run', {})
  const queue = closedLater(new CountingQueue())
  const consumer = handler && queue.consume(handler, { concurrency, worker: 'w' })
  const defaults = { queue, runs, runId: 'run', attempts: 1, timeoutMs: 60_000 }
  const client = await TaskClient.open({ ...defaults, ...options })
  return { runs, queue, consumer, client }
}
