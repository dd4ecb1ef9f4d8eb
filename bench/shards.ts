import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sliceSeries, type CandleSeries } from '#core/candles'
import { computeFeatures, featureSet } from '#core/features'
import { openCandleSource } from '#platform/market-data'
import { MemoryObjectStore, MemoryShardIndex, MemoryTaskQueue } from '#platform/memory'
import { encodeShard } from '#platform/tables'
import { resolveEngine } from '#platform/xgboost'
import { openWorkerPool } from '#workers'
import { computeSeries, ShardPlan } from '../coordinator/shards/index.ts'
import { TaskClient } from '../coordinator/tasks/index.ts'
import { machine } from './machine.ts'

// Features of a year of 1-minute candles: whole on one thread, then in shards on 1 and 2 threads, again, and with 42 more
// candles. All include writing Parquet; objects and index lie in memory. `node dist/bench/shards.js [rows]`
const home = mkdtempSync(join(tmpdir(), 'bench-shards-'))
const set = featureSet('reference')
const all = await openCandleSource('sample:btcusdt-1m', { home })
const rows = Math.min(Number(process.argv[2] ?? all.rows), all.rows)
const series = sliceSeries(all, 0, rows)
console.log(`${machine()}; ${rows} rows, ${set.columns.length} features (${set.hash.slice(0, 8)})`)

const computing = seconds(() => computeFeatures(series, set))
console.log(
  `whole, 1 thread: computing ${computing} s, with Parquet in pieces ${seconds(() => {
    writeWhole(series)
  })} s`,
)

const engine = await resolveEngine('auto')
for (const threads of [1, 2]) {
  const queue = new MemoryTaskQueue()
  const [objects, index] = [new MemoryObjectStore(), new MemoryShardIndex()]
  const pool = await openWorkerPool({ queue, objects, engine, threads })
  const runs = { recordTask: () => Promise.resolve(), taskResults: () => Promise.resolve(new Map<string, unknown>()) }
  const tasks = await TaskClient.open({ queue, runs, runId: `bench-${threads}`, attempts: 1, timeoutMs: 60_000 })
  const turn = async (name: string, part: CandleSeries) => {
    const startedAt = performance.now()
    const { shards, computed } = await computeSeries(new ShardPlan(part, set), { tasks, index, objects })
    const took = ((performance.now() - startedAt) / 1000).toFixed(2)
    console.log(`${threads} thread(s), ${name}: ${took} s, ${computed} tasks for ${shards.length} shards`)
  }
  // Threads start and compute the set's fingerprint before the clock does.
  await turn('warming up', sliceSeries(all, 0, 5000))
  await turn('but the last 42 candles', sliceSeries(series, 0, rows - 42))
  await turn('with them', series)
  await turn('again', series)
  await pool.drain()
  await tasks.close()
  await queue.close()
}
rmSync(home, { recursive: true })

function writeWhole(part: CandleSeries): void {
  const { values } = computeFeatures(part, set)
  const bars = 2190
  for (let start = 0; start < part.rows; start += bars) {
    const end = Math.min(start + bars, part.rows)
    const piece = new Float64Array((end - start) * set.columns.length)
    for (let c = 0; c < set.columns.length; c++) {
      piece.set(values.subarray(c * part.rows + start, c * part.rows + end), c * (end - start))
    }
    encodeShard({
      openTime: part.openTime.slice(start, end),
      columns: set.columns,
      values: piece,
      state: new Uint8Array(0),
    })
  }
}

function seconds(work: () => unknown): string {
  const startedAt = performance.now()
  work()
  return ((performance.now() - startedAt) / 1000).toFixed(2)
}
