import { availableParallelism } from 'node:os'
import { BullpenError } from '#core/errors'
import type { Consumer, EngineRef, Task, TaskContext, TaskQueue } from '#core/protocol'
import type { ObjectStore } from '#core/registry'
import type { ResolvedEngine } from '#platform/xgboost'
import { SharedCache } from './shared-cache.ts'
import { TaskDataSource } from './task-data.ts'
import type { ThreadRequest } from './thread-messages.ts'
import { ThreadPool } from './thread-pool.ts'

export interface WorkerPoolOptions {
  readonly queue: TaskQueue
  readonly objects: ObjectStore
  /** What `resolveEngine` settled on; every thread opens it. */
  readonly engine: ResolvedEngine
  /** Tasks at a time; `os.availableParallelism()` unless told. */
  readonly threads?: number
  /** Shared memory kept for data sets, matrices and models, bytes; 1 GiB unless told. */
  readonly dataCacheBytes?: number
  /** Who ran a task, in its outcome; `local` unless told. */
  readonly name?: string
  /** Heap limit of one thread, MB; Node's own when absent. */
  readonly threadMemoryMb?: number
  /** The module threads run; bullpen's own unless told. */
  readonly threadModule?: URL
}

/** Threads taking tasks from a queue. */
export interface WorkerPool {
  readonly threads: number
  /** Stops taking tasks, finishes those in hand, ends the threads. */
  drain(): Promise<void>
  /** Ends the threads at once; what they had in hand goes back to the queue at the cost of one attempt. */
  close(): Promise<void>
}

const gibibyte = 2 ** 30

/**
 * Starts threads and takes tasks for them.
 *
 *     open --drain--> draining (finishes what it holds) --> closed
 *       +----close----------------------------------------> closed
 *
 * Throws ENGINE_UNAVAILABLE or ENGINE_DIFFERS when threads cannot open the engine asked for, WORKER_CRASHED when they
 * do not start.
 */
export async function openWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const { queue, objects, engine, threads = availableParallelism(), name = 'local', threadMemoryMb } = options
  const module = options.threadModule ?? new URL('./thread/task-thread.js', import.meta.url)
  const pool = new ThreadPool({ threads, module, config: { engine }, threadMemoryMb })
  const data = new TaskDataSource(objects, new SharedCache(options.dataCacheBytes ?? gibibyte), pool)

  const handle = async (task: Task, { signal }: TaskContext): Promise<unknown> => {
    refuseOtherEngine(task, engine.engine)
    const loaded = await unlessAborted(data.for(task), signal)
    const { value, object } = await pool.run({ kind: 'task', task, data: loaded } as ThreadRequest, signal)
    if (!object) return value
    return { ...(value as object), [object.as]: await objects.put(object.bytes) }
  }

  let consumer: Consumer
  try {
    const { value } = await pool.run({ kind: 'hello' })
    const wanted = nameOf(engine.engine)
    if (value !== wanted) throw new BullpenError('ENGINE_DIFFERS', { wanted, actual: String(value) })
    consumer = queue.consume(handle, { concurrency: threads, worker: name })
  } catch (error) {
    await pool.close()
    throw error
  }
  const drain = async () => {
    await consumer.drain()
    await pool.close()
  }
  const close = async () => {
    const drained = consumer.drain() // takes nothing more; what is in hand fails as its threads end
    await pool.close()
    await drained
  }
  return { threads, drain, close }
}

/** Two engines, or two versions of one, round differently: the winner must not depend on who drew the task. */
function refuseOtherEngine({ payload }: Task, actual: EngineRef): void {
  if (!('engine' in payload) || nameOf(payload.engine) === nameOf(actual)) return
  throw new BullpenError('ENGINE_DIFFERS', { wanted: nameOf(payload.engine), actual: nameOf(actual) })
}

function nameOf({ name, version }: EngineRef): string {
  return `${name} ${version}`
}

/** `work` as long as the signal lets it; work that others wait for too goes on without this caller. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort)
    })
  })
}
