import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeSeries, seriesToColumns, type Candle } from '#core/candles'
import { encodeColumns } from '#core/columnar'
import { computeFeatures, featureSet } from '#core/features'
import { sha256 } from '#core/hashing'
import { labeler, naiveScore } from '#core/labels'
import { makeTask, type TaskName, type TaskOutcome, type TaskPayload } from '#core/protocol'
import { Random } from '#core/random'
import { buildTrainingTable, encodeTrainingTable } from '#core/selection'
import { MemoryObjectStore, MemoryTaskQueue } from '#platform/memory'
import { resolveEngine } from '#platform/xgboost'
import { openWorkerPool, type WorkerPool } from '../worker-pool.ts'

const queue = new MemoryTaskQueue()
const objects = new MemoryObjectStore()
let pool: WorkerPool

beforeAll(async () => {
  pool = await openWorkerPool({ queue, objects, engine: await resolveEngine('auto'), threads: 2 })
})
afterAll(async () => {
  await pool.drain()
  await queue.close()
})

let tasks = 0
function outcomeOf<N extends TaskName>(name: N, payload: TaskPayload<N>): Promise<TaskOutcome> {
  const runId = `run-${tasks++}`
  const task = makeTask({ runId, key: name, name, payload, attempts: 1, timeoutMs: 30_000 })
  return new Promise((resolve, reject) => {
    queue.onOutcome(runId, resolve)
    queue.enqueue([task as never]).catch(reject)
  })
}

const random = Random.of('task bodies')
let close = 100
const candles = Array.from({ length: 500 }, (_, t): Candle => {
  const open = close
  close = open * Math.exp(0.02 * random.normal())
  const [high, low] = [Math.max(open, close) * 1.002, Math.min(open, close) * 0.998]
  return { openTime: t * 14_400_000, open, high, low, close, volume: 100 * random.uniform() }
})
const series = makeSeries({ symbol: 'A/B', source: 'walk', widthMs: 14_400_000, candles }, { gaps: 'keep' })
const set = featureSet('reference')
const swing = labeler('swing')
const label = { name: swing.name, parameters: { ...swing.parameters } }

test('the features task makes the table that the main thread makes, byte for byte', async () => {
  const stored = await objects.put(encodeColumns(seriesToColumns(series)))
  const payload = { candles: stored, featureSet: set.name, featureSetHash: set.hash, label }
  const outcome = await outcomeOf('features', payload)
  const own = buildTrainingTable({
    series,
    featureSet: set,
    features: computeFeatures(series, set),
    labels: swing.label(series),
    naive: naiveScore(series),
  })
  const table = sha256(encodeTrainingTable(own))
  expect(outcome).toMatchObject({ ok: true, result: { table, rows: 500, columns: set.columns.length } })
  expect(await objects.has(table)).toBe(true)
})

test('a feature set of another hash is refused, naming both', async () => {
  const stored = await objects.put(encodeColumns(seriesToColumns(series)))
  const wanted = '0'.repeat(64)
  const payload = { candles: stored, featureSet: set.name, featureSetHash: wanted, label }
  const details = { name: 'reference', wanted, actual: set.hash }
  expect(await outcomeOf('features', payload)).toMatchObject({ ok: false, error: { code: 'FEATURES_DIFFER', details } })
})

test('a label parameter that is no number is refused', async () => {
  const stored = await objects.put(encodeColumns(seriesToColumns(series)))
  const odd = { name: 'swing', parameters: { horizon: 'ten' } }
  const payload = { candles: stored, featureSet: set.name, featureSetHash: set.hash, label: odd }
  expect(await outcomeOf('features', payload)).toMatchObject({ ok: false, error: { code: 'TASK_INVALID' } })
})
