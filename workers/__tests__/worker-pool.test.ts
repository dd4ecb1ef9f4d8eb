import { afterEach, expect, test } from '@jest/globals'
import type { TaskOutcome } from '#core/protocol'
import { openWorkerPool } from '../worker-pool.ts'
import {
  deedStarts,
  deedTask,
  foldTask,
  letGo,
  openTestPool,
  testEngine,
  testEngineOf,
  testTable,
} from './fixtures/pool-fixture.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function open(...args: Parameters<typeof openTestPool>) {
  const fixture = await openTestPool(...args)
  closers.push(
    () => fixture.queue.close(),
    () => fixture.pool.close(),
  )
  return fixture
}

const resultOf = (outcome: TaskOutcome) => {
  if (!outcome.ok) throw new Error(outcome.error.message)
  return outcome.result as { table: string; rows: number; columns: number }
}

test('threads see one memory of an object, fetched once', async () => {
  const { outcomes, objects, calls, pool } = await open()
  const tasks = Array.from({ length: 40 }, (_, i) => deedTask(`t${i}`, 'count', calls))
  const results = [...(await outcomes(tasks)).values()].map(resultOf)
  // Each call saw one more call than the one before, whichever thread made it: there is one counter.
  expect(results.map(({ rows }) => rows).sort((a, b) => a - b)).toEqual(tasks.map((_, i) => i))
  expect(new Set(results.map(({ columns }) => columns)).size).toBe(pool.threads)
  expect(objects.reads.get(calls)).toBe(1)
})

test('a matrix is made once for a table and columns, in memory all threads share', async () => {
  const { outcomes, objects } = await open()
  const table = await objects.put(testTable(50, 4))
  const tasks = Array.from({ length: 20 }, (_, i) => foldTask(`t${i}`, table, [3, 1]))
  const others = Array.from({ length: 5 }, (_, i) => foldTask(`o${i}`, table, [2, 0]))
  const ended = await outcomes([...tasks, ...others])
  const seen = (prefix: string) =>
    [...ended]
      .filter(([key]) => key.startsWith(prefix))
      .map(([, outcome]) => outcome)
      .map((outcome) => (outcome as unknown as { result: { metrics: Record<string, number> } }).result.metrics)
  const counts = (prefix: string) => seen(prefix).map((metrics) => metrics.rocAucOvrWeighted!)
  const float3 = new Int32Array(Float32Array.of(3).buffer)[0]!
  const float2 = new Int32Array(Float32Array.of(2).buffer)[0]!
  expect(counts('t').sort((a, b) => a - b)).toEqual(tasks.map((_, i) => float3 + i))
  expect(counts('o').sort((a, b) => a - b)).toEqual(others.map((_, i) => float2 + i))
  expect(seen('t')[0]).toMatchObject({ f1Weighted: 1, logLoss: 50 }) // row 0: columns 3 and 1
  expect(objects.reads.get(table)).toBe(1)
})

test('data that does not fit the cache is used all the same', async () => {
  const { outcomes, objects, calls } = await open({ dataCacheBytes: 1, threads: 1 })
  const ended = await outcomes([deedTask('a', 'count', calls), deedTask('b', 'count', calls)])
  expect([...ended.values()].map((outcome) => resultOf(outcome).rows)).toEqual([0, 0])
  expect(objects.reads.get(calls)).toBe(2)
})

test('an object made by a thread is stored, and the result names its hash', async () => {
  const { outcomes, objects, calls } = await open()
  const { table, rows } = resultOf((await outcomes([deedTask('a', 'make', calls)])).get('a')!)
  expect(rows).toBe(1)
  expect(new TextDecoder().decode(await objects.get(table))).toBe('a table')
})

test('errors keep their codes across the thread border, and are not retried unless they may pass', async () => {
  const { outcomes, calls } = await open()
  const missing = '9'.repeat(64)
  const ended = await outcomes([
    deedTask('a', 'fail-for-good', calls, { attempts: 3 }),
    deedTask('b', 'fail-foreign', calls, { attempts: 3 }),
    deedTask('c', 'count', missing, { attempts: 3 }),
  ])
  const details = { where: 'fold 2', only: 'hold' }
  expect(ended.get('a')).toMatchObject({ ok: false, attempts: 1, error: { code: 'ONE_CLASS', details } })
  expect(ended.get('b')).toMatchObject({ ok: false, attempts: 1, error: { code: 'INTERNAL' } })
  expect(ended.get('c')).toMatchObject({ ok: false, attempts: 1, error: { code: 'OBJECT_NOT_FOUND' } })
})

test('a column beyond the table is an error of the data set', async () => {
  const { outcomes, objects } = await open({ threads: 1 })
  const table = await objects.put(testTable(3, 2))
  const ended = await outcomes([foldTask('a', table, [0, 2]), foldTask('b', table, [0, 1])])
  expect(ended.get('a')).toMatchObject({ ok: false, error: { code: 'DATA_SET_INVALID' } })
  expect(ended.get('b')).toMatchObject({ ok: true })
})

test('a thread that dies costs its task one attempt, and the pool heals', async () => {
  const { outcomes, calls } = await open()
  const ended = await outcomes([
    deedTask('once', 'exit-once', calls, { attempts: 2 }),
    deedTask('always', 'exit', calls, { attempts: 2 }),
    ...Array.from({ length: 10 }, (_, i) => deedTask(`t${i}`, 'count', calls)),
  ])
  expect(ended.get('once')).toMatchObject({ ok: true, attempts: 2 })
  const error = { code: 'WORKER_CRASHED', details: { task: 'run/always', reason: 'worker exited with code: 7' } }
  expect(ended.get('always')).toMatchObject({ ok: false, attempts: 2, error })
  expect([...ended.values()].filter((outcome) => outcome.ok)).toHaveLength(11)
})

test('a thread that runs out of memory costs its task one attempt, not the process', async () => {
  const { outcomes, calls } = await open({ threadMemoryMb: 24, threads: 1 })
  const ended = await outcomes([deedTask('a', 'run-out-of-memory', calls), deedTask('b', 'count', calls)])
  expect(ended.get('a')).toMatchObject({ ok: false, error: { code: 'WORKER_CRASHED' } })
  expect(ended.get('b')).toMatchObject({ ok: true })
})

test('a task past its time limit is ended even when it never yields', async () => {
  const { outcomes, calls } = await open({ threads: 1 })
  const ended = await outcomes([deedTask('a', 'spin', calls, { timeoutMs: 200 }), deedTask('b', 'count', calls)])
  expect(ended.get('a')).toMatchObject({ ok: false, attempts: 1, error: { code: 'TASK_TIMEOUT' } })
  expect(ended.get('b')).toMatchObject({ ok: true })
})

test('cancelling a run ends a task that never yields, and the pool goes on', async () => {
  const { outcomes, queue, calls } = await open()
  const started = deedStarts('spin')
  const ending = outcomes([deedTask('a', 'spin', calls), deedTask('b', 'spin', calls), deedTask('c', 'spin', calls)])
  await started
  await queue.cancel('run')
  const ended = await ending
  expect([...ended.values()]).toMatchObject(Array(3).fill({ ok: false, error: { code: 'TASK_CANCELLED' } }))
  expect((await outcomes([deedTask('d', 'count', calls)])).get('d')).toMatchObject({ ok: true })
})

test('drain finishes what runs, leaves the rest on the queue and ends every thread', async () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length
  const { outcomes, queue, pool, calls } = await open({ threads: 1 })
  const started = deedStarts('wait-for-go')
  const tasks = ['wait-for-go', 'count', 'count'].map((deed, i) => deedTask(`t${i}`, deed, calls))
  const ending = outcomes(tasks)
  await started
  const drained = pool.drain()
  letGo()
  await drained
  expect(process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort')).toHaveLength(before)
  queue.consume(() => Promise.resolve({ table: calls, rows: 1, columns: 1 }), { concurrency: 1, worker: 'later' })
  const ended = [...(await ending).values()]
  expect(ended.map(({ ok, worker }) => [ok, worker])).toEqual([
    [true, 'local'],
    [true, 'later'],
    [true, 'later'],
  ])
})

test('close hands what runs back to the queue for another worker', async () => {
  const { outcomes, queue, pool, calls } = await open({ threads: 1 })
  const started = deedStarts('spin')
  const ending = outcomes([deedTask('a', 'spin', calls, { attempts: 2 })])
  await started
  await pool.close()
  queue.consume(() => Promise.resolve({ table: calls, rows: 1, columns: 1 }), { concurrency: 1, worker: 'later' })
  expect((await ending).get('a')).toMatchObject({ ok: true, attempts: 2, worker: 'later' })
})

test('a task pinned to another engine or version is refused', async () => {
  const { outcomes, objects } = await open({ threads: 1 })
  const table = await objects.put(testTable(3, 2))
  const ended = await outcomes([foldTask('a', table, [0], testEngineOf('9.9.9'))])
  const details = { wanted: 'wasm 9.9.9', actual: 'wasm test' }
  expect(ended.get('a')).toMatchObject({ ok: false, error: { code: 'ENGINE_DIFFERS', details } })
})

test('a pool does not open with an engine its threads do not have, nor with a module that is not there', async () => {
  const { queue, objects } = await open({ threads: 1 })
  const threadModule = new URL('./fixtures/test-thread.js', import.meta.url)
  const opening = { queue, objects, threads: 1, threadModule }
  await expect(openWorkerPool({ ...opening, engine: testEngineOf('missing') })).rejects.toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
  })
  await expect(openWorkerPool({ ...opening, engine: testEngineOf('1.0.0') })).rejects.toMatchObject({
    code: 'ENGINE_DIFFERS',
  })
  const nowhere = new URL('./fixtures/no-such-thread.js', import.meta.url)
  await expect(openWorkerPool({ ...opening, engine: testEngine, threadModule: nowhere })).rejects.toMatchObject({
    code: 'WORKER_CRASHED',
  })
})
