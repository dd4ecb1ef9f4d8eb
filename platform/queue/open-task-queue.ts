import type { TaskQueue } from '#core/protocol'
import { BullmqTaskQueue } from './bullmq-task-queue.ts'
import type { OpenTaskQueueOptions } from './task-queue-options.ts'

/**
 * Opens the queue of one route. Always `close` it. Redis may be lost and come back afterwards: that is waited out.
 *
 * @throws USAGE for an address that is none, QUEUE_UNAVAILABLE when Redis does not answer, DATABASE_UNAVAILABLE
 */
export async function openTaskQueue(options: OpenTaskQueueOptions): Promise<TaskQueue & { readonly describe: string }> {
  return BullmqTaskQueue.open(options)
}
