import type { TaskName, TaskOf } from '#core/protocol'
import type { ObjectStore } from '#core/registry'
import type { SharedCache } from './shared-cache.ts'
import type { SharedMatrix, TaskData } from './thread-messages.ts'
import type { ThreadPool } from './thread-pool.ts'

/**
 * What tasks read, in shared memory once per process: objects by hash, and matrices made of them. The main thread only
 * moves bytes; matrices are filled on a pool thread, where the task that waits for one has left a slot free.
 */
export class TaskDataSource {
  private readonly objects: ObjectStore
  private readonly cache: SharedCache
  private readonly threads: ThreadPool

  constructor(objects: ObjectStore, cache: SharedCache, threads: ThreadPool) {
    this.objects = objects
    this.cache = cache
    this.threads = threads
  }

  /** Everything the task's hashes stand for. Throws the object store's errors, DATA_SET_INVALID, WORKER_CRASHED. */
  async for<N extends TaskName>(task: TaskOf<N>): Promise<TaskData[N]> {
    const loaders: { [K in TaskName]: (payload: TaskOf<K>['payload']) => Promise<TaskData[K]> } = {
      features: async ({ candles, shards }) => ({
        candles: await this.object(candles),
        shards: shards ? await Promise.all(shards.map((hash) => this.object(hash))) : null,
      }),
      'feature-shard': async ({ candles, after }) => ({
        candles: await this.object(candles),
        after: after ? await this.object(after.shard) : null,
      }),
      fit: (payload) => this.table(payload),
      fold: (payload) => this.table(payload),
      importance: (payload) => this.tableAndModel(payload),
      'noise-curve': (payload) => this.tableAndModel(payload),
      own: async ({ shared }) => ({ shared: await Promise.all(shared.map((hash) => this.object(hash))) }),
    }
    return loaders[task.name](task.payload)
  }

  private async tableAndModel(payload: { table: string; columns: readonly number[]; model: string }) {
    const [table, model] = await Promise.all([this.table(payload), this.object(payload.model)])
    return { ...table, model }
  }

  private async table({ table: hash, columns }: { table: string; columns: readonly number[] }) {
    const table = await this.object(hash)
    const data = await this.cache.get(`${hash}/${columns.join()}`, async () => {
      const { value } = await this.threads.run({ kind: 'matrix', table, columns })
      return (value as SharedMatrix).data
    })
    const rows = data.byteLength / Float32Array.BYTES_PER_ELEMENT / columns.length
    return { table, matrix: { rows, columns: columns.length, data } }
  }

  private object(hash: string): Promise<SharedArrayBuffer> {
    return this.cache.get(hash, async () => {
      const bytes = await this.objects.get(hash)
      const memory = new SharedArrayBuffer(bytes.byteLength)
      new Uint8Array(memory).set(bytes)
      return memory
    })
  }
}
