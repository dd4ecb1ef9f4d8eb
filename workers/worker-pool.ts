import { availableParallelism } from 'node:os'
import { asBullpenError, BullpenError } from '#core/errors'
import type { Consumer, Task, TaskContext, TaskHandler, TaskQueue } from '#core/protocol'
import type { ObjectStore } from '#core/registry'
import { waitOut } from '#platform/attempts'
import { withTaskSpan } from '#platform/telemetry'
import type { ResolvedEngine } from '#platform/xgboost'
import type { OwnTasks } from './own-tasks.ts'
import { ownTasksDuty, trainingDuty, type PoolDuty } from './pool-duty.ts'
import { SharedCache } from './shared-cache.ts'
import { TaskDataSource } from './task-data.ts'
import type { AttemptResult, TaskWatch } from './task-watch.ts'
import type { ThreadRequest } from './thread-messages.ts'
import { ThreadPool } from './thread-pool.ts'

export interface WorkerPoolOptions {
  readonly queue: TaskQueue
  readonly objects: ObjectStore
  /** What `resolveEngine` settled on; every thread opens it. Left out for a pool of own tasks. */
  readonly engine?: ResolvedEngine
  /** Makes this a pool of own tasks, which runs nothing else and has no engine: the closed list of modules. */
  readonly ownTasks?: OwnTasks
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
  /** Told of every attempt. */
  readonly watch?: TaskWatch
  /** One line when the object store is away and tasks wait for it; said again only after it has answered. */
  readonly onNote?: (text: string) => void
  /** The first wait for an object store that is away, doubled up to the longest; ms (200 and 5,000). */
  readonly outageWaitMs?: { readonly first: number; readonly longest: number }
}

/** Threads taking tasks from a queue. */
export interface WorkerPool {
  readonly threads: number
  /** Stops taking tasks, finishes those in hand, ends the threads. */
  drain(): Promise<void>
  /** Stops taking tasks, gives those in hand back (the attempts do not count), ends the threads. */
  handBack(): Promise<void>
  /** Ends the threads at once; what they had in hand goes back to the queue at the cost of one attempt. */
  close(): Promise<void>
}

const gibibyte = 2 ** 30

/**
 * Starts threads and takes tasks for them.
 *
 *     open --drain--> draining (finishes what it holds) --> closed
 *       +----handBack----> giving back what it holds -----> closed   (also while draining)
 *       +----close----------------------------------------> closed
 *
 * Throws ENGINE_UNAVAILABLE or ENGINE_DIFFERS when threads cannot open the engine asked for, OWN_TASKS_INVALID when they
 * cannot load an own task, WORKER_CRASHED when they do not start.
 */
export async function openWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const { queue, objects, threads = availableParallelism(), name = 'local', threadMemoryMb } = options
  const duty = dutyOf(options)
  const module = options.threadModule ?? duty.module
  const pool = new ThreadPool({ threads, module, config: duty.config, threadMemoryMb })
  const data = new TaskDataSource(objects, new SharedCache(options.dataCacheBytes ?? gibibyte), pool)

  const patiently = patienceWith(options)

  const runTask = async (task: Task, context: TaskContext): Promise<unknown> => {
    const { signal, attempt } = context
    duty.requireOurs(task)
    const loaded = await unlessAborted(
      patiently(() => data.for(task), signal),
      signal,
    )
    const request = { kind: 'task', task, data: loaded, attempt } as ThreadRequest
    const { value, object } = await duty.ending(task, context, (ending) => pool.run(request, ending))
    if (!object) return value
    return { ...(value as object), [object.as]: await patiently(() => objects.put(object.bytes), signal) }
  }

  const handle: TaskHandler = (task, context) =>
    withTaskSpan({ ...task, attempt: context.attempt, worker: name }, {}, () => runTask(task, context))

  const endThreads = async () => {
    await pool.close()
    duty.close()
  }

  let consumer: Consumer
  try {
    const { value } = await pool.run({ kind: 'hello' })
    duty.requireReady(value)
    consumer = queue.consume(watched(handle, options.watch), { concurrency: threads, worker: name })
  } catch (error) {
    await endThreads()
    throw error
  }
  const drain = async () => {
    await consumer.drain()
    await endThreads()
  }
  const handBack = async () => {
    await consumer.handBack()
    await endThreads()
  }
  const close = async () => {
    const drained = consumer.drain() // takes nothing more; what is in hand fails as its threads end
    await endThreads()
    await drained
  }
  return { threads, drain, handBack, close }
}

function dutyOf({ engine, ownTasks }: WorkerPoolOptions): PoolDuty {
  if (engine && !ownTasks) return trainingDuty(engine)
  if (ownTasks && !engine) return ownTasksDuty(ownTasks)
  throw new BullpenError('INTERNAL', { reason: 'a pool has either an engine or own tasks' })
}

/** Waits while the object store is away, and says so once for all tasks that wait. */
function patienceWith({ onNote, outageWaitMs }: WorkerPoolOptions) {
  let isAway = false
  return async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    const done = await waitOut(work, {
      away: ['OBJECT_STORE_UNAVAILABLE'],
      signal,
      firstMs: outageWaitMs?.first,
      longestMs: outageWaitMs?.longest,
      onWait: ({ message }) => {
        if (!isAway) onNote?.(`${message}; tasks wait for it`)
        isAway = true
      },
    })
    isAway = false
    return done
  }
}

function watched(handle: TaskHandler, watch: TaskWatch | undefined): TaskHandler {
  if (!watch) return handle
  return async (task, context) => {
    const startedAt = performance.now()
    let outcome: AttemptResult['outcome'] = 'ok'
    watch.started(task)
    try {
      return await handle(task, context)
    } catch (error) {
      outcome = asBullpenError(error).code
      throw error
    } finally {
      watch.ended(task, { outcome, ms: performance.now() - startedAt })
    }
  }
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
