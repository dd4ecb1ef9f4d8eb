import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeSeries, seriesToColumns, sliceSeries, type Candle } from '#core/candles'
import { encodeColumns } from '#core/columnar'
import { computeFeatures, featureSet, freshState } from '#core/features'
import { sha256 } from '#core/hashing'
import { labeler, naiveScore } from '#core/labels'
import { Forest } from '#core/model'
import { makeTask, type TaskName, type TaskOutcome, type TaskPayload, type TaskResult } from '#core/protocol'
import { Random } from '#core/random'
import { buildTrainingTable, encodeTrainingTable, gatherMatrix, runImportance, runNoiseCurve } from '#core/selection'
import { runFit, runFold, toBoosterParameters } from '#core/trials'
import { MemoryObjectStore, MemoryTaskQueue } from '#platform/memory'
import { decodeShard, joinShards } from '#platform/tables'
import { openBooster, resolveEngine } from '#platform/xgboost'
import { openWorkerPool, type WorkerPool } from '../worker-pool.ts'

const queue = new MemoryTaskQueue()
const objects = new MemoryObjectStore()
const engine = await resolveEngine('auto')
let pool: WorkerPool

beforeAll(async () => {
  pool = await openWorkerPool({ queue, objects, engine, threads: 2 })
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

const table = buildTrainingTable({
  series,
  featureSet: set,
  features: computeFeatures(series, set),
  labels: swing.label(series),
  naive: naiveScore(series),
})
const tableHash = sha256(encodeTrainingTable(table))

test('the features task makes the table that the main thread makes, byte for byte', async () => {
  const stored = await objects.put(encodeColumns(seriesToColumns(series)))
  const payload = { candles: stored, featureSet: set.name, featureSetHash: set.hash, label }
  const result = { table: tableHash, rows: 500, columns: set.columns.length }
  expect(await outcomeOf('features', payload)).toMatchObject({ ok: true, result })
  expect(await objects.has(tableHash)).toBe(true)
})

test('a feature set of another hash is refused, naming both', async () => {
  const stored = await objects.put(encodeColumns(seriesToColumns(series)))
  const wanted = '0'.repeat(64)
  const payload = { candles: stored, featureSet: set.name, featureSetHash: wanted, label }
  const details = { name: 'reference', wanted, actual: set.hash }
  expect(await outcomeOf('features', payload)).toMatchObject({ ok: false, error: { code: 'FEATURES_DIFFER', details } })
})

test('feature shards, each continuing the one before, hold the bits of the whole table', async () => {
  const shard = async (start: number, end: number, more: Partial<TaskPayload<'feature-shard'>>) => {
    const stored = await objects.put(encodeColumns(seriesToColumns(sliceSeries(series, start, end))))
    const payload = { candles: stored, warmup: 0, featureSet: set.name, featureSetHash: set.hash, ...more }
    const outcome = await outcomeOf('feature-shard', payload)
    if (!outcome.ok) throw new Error(outcome.error.message)
    return outcome.result as TaskResult<'feature-shard'>
  }
  const first = await shard(0, 200, {})
  const second = await shard(200, 500, { after: { shard: first.shard, state: first.endState } })
  expect(first).toMatchObject({ rows: 200, columns: set.columns.length, startState: freshState(set) })
  expect(second.startState).toBe(first.endState)
  const joined = await decodeShard(
    joinShards(await Promise.all([first, second].map((each) => objects.get(each.shard)))),
  )
  expect(joined.openTime).toEqual(series.openTime)
  expect(Buffer.from(joined.values.buffer)).toEqual(Buffer.from(new Float64Array(table.values).buffer))

  const stored = await objects.put(encodeColumns(seriesToColumns(series)))
  const whole = { candles: stored, featureSet: set.name, featureSetHash: set.hash, label }
  const fromShards = await outcomeOf('features', { ...whole, shards: [first.shard, second.shard] })
  expect(fromShards).toMatchObject({ ok: true, result: { table: tableHash } })
  const turned = await outcomeOf('features', { ...whole, shards: [second.shard, first.shard] })
  expect(turned).toMatchObject({ ok: false, error: { code: 'DATA_SET_INVALID' } })

  const warmed = await shard(100, 500, { warmup: 100 })
  expect(warmed).toMatchObject({ rows: 300 })
  expect(warmed.startState).not.toBe(second.startState)
  const wrong = { after: { shard: first.shard, state: freshState(set) } }
  await expect(shard(200, 500, wrong)).rejects.toThrow('does not end in the state')
})

test('a label parameter that is no number is refused', async () => {
  const stored = await objects.put(encodeColumns(seriesToColumns(series)))
  const odd = { name: 'swing', parameters: { horizon: 'ten' } }
  const payload = { candles: stored, featureSet: set.name, featureSetHash: set.hash, label: odd }
  expect(await outcomeOf('features', payload)).toMatchObject({ ok: false, error: { code: 'TASK_INVALID' } })
})

const columns = Array.from({ length: 40 }, (_, i) => 3 * i)
const matrix = gatherMatrix(table, columns)
const trainRows = [{ start: 300, end: 420 }]
const testRows = [{ start: 425, end: 480 }]
const verdictParameters = toBoosterParameters({ rounds: 4, maxDepth: 3 }, { seed: 7 })
const upParameters = { ...verdictParameters, objective: 'binary:logistic', classes: 2 } as const

test('a fold has the same metrics in a pool thread and in the main thread', async () => {
  await objects.put(encodeTrainingTable(table))
  const rows = { trainRows, testRows, parameters: verdictParameters }
  const own = runFold({ table, matrix, booster: await openBooster(engine), ...rows })
  const payload = { table: tableHash, columns, engine: engine.engine, ...rows }
  const outcomes = await Promise.all([outcomeOf('fold', payload), outcomeOf('fold', payload)])
  const result = { metrics: own.metrics, rounds: 4 }
  expect(outcomes).toMatchObject([
    { ok: true, result },
    { ok: true, result },
  ])
})

const weighing = engine.engine.name === 'native' ? test : test.skip
weighing('rows count by the weights of their table, in the fit and in the score, in a pool thread too', async () => {
  const weight = Float64Array.from({ length: table.rows }, (_, row) => (row % 5 === 0 ? 1 : 0.1))
  const weighted = { ...table, weight }
  const bytes = encodeTrainingTable(weighted)
  await objects.put(bytes)
  await objects.put(encodeTrainingTable(table))
  const rows = { trainRows, testRows, parameters: verdictParameters }
  const own = runFold({ table: weighted, matrix, booster: await openBooster(engine), ...rows })
  const task = { columns, engine: engine.engine, ...rows }
  const outcome = await outcomeOf('fold', { table: sha256(bytes), ...task })
  expect(outcome).toMatchObject({ ok: true, result: { metrics: own.metrics } })
  const fit = { columns, engine: engine.engine, trainRows, parameters: verdictParameters, question: 'verdict' } as const
  const models = await Promise.all([sha256(bytes), tableHash].map((hash) => outcomeOf('fit', { table: hash, ...fit })))
  const [one, other] = models.map((model) => (model.ok ? (model.result as { model: string }).model : ''))
  expect(one).toMatch(/^[0-9a-f]{64}$/)
  expect(one).not.toBe(other)
})

test('a model fitted in a thread is that of the main thread, and its columns are judged the same in shards', async () => {
  await objects.put(encodeTrainingTable(table))
  const rows = { trainRows, parameters: upParameters, question: 'up' } as const
  const { json } = runFit({ table, matrix, booster: await openBooster(engine), ...rows })
  const model = sha256(json)
  const fitted = await outcomeOf('fit', { table: tableHash, columns, engine: engine.engine, ...rows })
  expect(fitted).toMatchObject({ ok: true, result: { model, bytes: json.length, rounds: 4 } })

  const judged = { table: tableHash, model, question: 'up', columns, testRows, seed: 5 } as const
  const own = { table, matrix, forest: Forest.fromXgboostJson(json), question: 'up', testRows, seed: 5 } as const
  const shards = [
    { from: 0, to: 25, repeats: 3 },
    { from: 25, to: 40, repeats: 3 },
  ]
  const outcomes = await Promise.all(shards.map((shard) => outcomeOf('importance', { ...judged, ...shard })))
  const whole = runImportance({ ...own, from: 0, to: 40, repeats: 3 })
  expect(outcomes).toMatchObject([
    { ok: true, result: { baseline: whole.baseline, importance: whole.importance.slice(0, 25) } },
    { ok: true, result: { baseline: whole.baseline, importance: whole.importance.slice(25) } },
  ])

  const order = columns.map((_, i) => i).reverse()
  const curve = await outcomeOf('noise-curve', { ...judged, order })
  expect(curve).toMatchObject({ ok: true, result: runNoiseCurve({ ...own, order }) })
})
