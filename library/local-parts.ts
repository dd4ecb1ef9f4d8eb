import { resolve } from 'node:path'
import { MemoryObjectStore, MemoryTaskQueue } from '#platform/memory'
import { listOwnTasks, openWorkerPool, readOwnTasks } from '#workers'
import type { LocalOptions } from './connect-options.ts'
import type { PoolParts } from './pool.ts'

/** A queue, objects and threads that live and die with this process. Throws OWN_TASKS_INVALID. */
export async function openLocalParts({ local: { tasks, threads } }: LocalOptions): Promise<PoolParts> {
  const ownTasks = typeof tasks === 'string' ? await readOwnTasks(tasks) : listOwnTasks(tasks, resolve('local tasks'))
  const queue = new MemoryTaskQueue()
  const objects = new MemoryObjectStore()
  const workers = await openWorkerPool({ queue, objects, ownTasks, ...(threads === undefined ? {} : { threads }) })
  const close = async () => {
    await workers.close()
    await queue.close()
  }
  return { queue, objects, close }
}
