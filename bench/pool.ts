import { makeTask, type TaskOf, type TaskQueue } from '#core/protocol'
import { MemoryObjectStore, MemoryRunStore, MemoryTaskQueue } from '#platform/memory'
import { resolveEngine } from '#platform/xgboost'
import { openWorkerPool } from '#workers'
import { TaskClient } from '../coordinator/tasks/index.ts'
import { machine } from './machine.ts'

/**
 * `npm run bench:pool`: what a task costs besides its work (queue alone, with durable results, through threads), and
 * what a data set costs in memory with more threads (it should cost nothing more).
 */
const hash = '0'.repeat(64)
const threadModule = new URL('./pool-thread.js', import.meta.url)

/** One measured line. */
function print(name: string, tasks: number, seconds: number, note = ''): void {
  const cells = [
    name.padEnd(40),
    String(tasks).padStart(8),
    seconds.toFixed(3).padStart(9),
    (tasks / seconds).toFixed(0).padStart(9),
    ((seconds / tasks) * 1e6).toFixed(1).padStart(9),
    (process.memoryUsage().rss / 2 ** 20).toFixed(0).padStart(8),
  ]
  console.log(`${cells.join(' ')}  ${note}`)
}

const payload = (candles: string) => ({
  candles,
  featureSet: 'none',
  featureSetHash: hash,
  label: { name: 'none', parameters: {} },
})

function emptyTasks(runId: string, count: number, candles = hash): TaskOf<'features'>[] {
  const limits = { attempts: 1, timeoutMs: 60_000 }
  return Array.from({ length: count }, (_, i) =>
    makeTask({ runId, key: `t${i}`, name: 'features', payload: payload(candles), ...limits }),
  )
}

function finished(queue: TaskQueue, runId: string, count: number): Promise<void> {
  let left = count
  return new Promise((resolve, reject) => {
    queue.onOutcome(runId, (outcome) => {
      if (!outcome.ok) reject(new Error(outcome.error.message))
      if (--left === 0) resolve()
    })
  })
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function measureQueue(count: number): Promise<void> {
  const queue = new MemoryTaskQueue()
  queue.consume(() => Promise.resolve({ table: hash, rows: 1, columns: 1 }), { concurrency: 2, worker: 'bench' })
  const tasks = emptyTasks('queue', count)
  const done = finished(queue, 'queue', count)
  print('queue alone', count, await seconds(() => Promise.all([queue.enqueue(tasks), done])))
  await queue.close()
}

async function measureClient(count: number): Promise<void> {
  const queue = new MemoryTaskQueue()
  queue.consume(() => Promise.resolve({ table: hash, rows: 1, columns: 1 }), { concurrency: 2, worker: 'bench' })
  const runs = new MemoryRunStore()
  await runs.create('client', {})
  const client = await TaskClient.open({ queue, runs, runId: 'client', attempts: 1, timeoutMs: 60_000 })
  const keys = Array.from({ length: count }, (_, i) => `t${i}`)
  const call = () => Promise.all(keys.map((key) => client.run('features', key, payload(hash))))
  print('client, results recorded in memory', count, await seconds(call))
  await client.close()
  await queue.close()
}

async function measureThreads(threads: number, count: number, dataBytes: number): Promise<void> {
  const queue = new MemoryTaskQueue()
  const objects = new MemoryObjectStore()
  const candles = await objects.put(new Uint8Array(dataBytes))
  const engine = await resolveEngine('auto')
  const pool = await openWorkerPool({ queue, objects, engine, threads, threadModule })
  const warm = finished(queue, 'warm', threads * 4)
  await Promise.all([queue.enqueue(emptyTasks('warm', threads * 4, candles)), warm])
  const done = finished(queue, 'run', count)
  const tasks = emptyTasks('run', count, candles)
  const took = await seconds(() => Promise.all([queue.enqueue(tasks), done]))
  const mib = Math.round(dataBytes / 2 ** 20)
  print(`${threads} thread(s), each task touches ${mib} MiB`, count, took)
  await pool.drain()
  await queue.close()
}

console.log(machine())
console.log(`${'what'.padEnd(40)}    tasks   seconds   tasks/s   us/task  RSS MiB`)
await measureQueue(20_000)
await measureClient(20_000)
for (const threads of [1, 2]) await measureThreads(threads, 5_000, 8)
for (const threads of [1, 2, 4]) await measureThreads(threads, 16, 2 ** 28)
