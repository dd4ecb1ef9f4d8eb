import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { BullpenError } from '#core/errors'
import { makeTask, type TaskOutcome } from '#core/protocol'
import { MemoryTaskQueue } from '#platform/memory'
import { readOwnTasks } from '../own-tasks.ts'
import { openWorkerPool } from '../worker-pool.ts'
import { CountingObjects, deedTask, testEngine } from './fixtures/pool-fixture.ts'

const deeds = fileURLToPath(new URL('./fixtures/own/deeds.js', import.meta.url))
const withoutRun = fileURLToPath(new URL('./fixtures/own/without-run.js', import.meta.url))

let folder: string
const closers: (() => Promise<void>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bullpen-own-'))
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await rm(folder, { recursive: true })
})

async function listFile(list: unknown): Promise<string> {
  const file = join(folder, 'tasks.json')
  await writeFile(file, typeof list === 'string' ? list : JSON.stringify(list))
  return file
}

async function open(threads = 2) {
  const queue = new MemoryTaskQueue()
  const objects = new CountingObjects()
  const ownTasks = await readOwnTasks(await listFile({ deeds }))
  const pool = await openWorkerPool({ queue, objects, ownTasks, threads })
  closers.push(
    () => queue.close(),
    () => pool.close(),
  )
  const outcomes = (inputs: readonly unknown[], more: object = {}, shared: string[] = []) =>
    new Promise<TaskOutcome[]>((resolve, reject) => {
      const ended = new Map<string, TaskOutcome>()
      const tasks = inputs.map((input, i) => {
        const payload = { module: 'deeds', input, shared }
        return makeTask({ runId: 'map', key: `i${i}`, name: 'own', payload, attempts: 1, timeoutMs: 20_000, ...more })
      })
      const keys = new Set(tasks.map(({ key }) => key))
      queue.onOutcome('map', (outcome) => {
        if (!keys.has(outcome.key)) return
        ended.set(outcome.key, outcome)
        if (ended.size === tasks.length) resolve(tasks.map(({ key }) => ended.get(key)!))
      })
      queue.enqueue(tasks).catch(reject)
    })
  return { queue, objects, outcomes }
}

test('a module of the list answers its inputs; no answer is null', async () => {
  const { outcomes } = await open()
  const ended = await outcomes([{ do: 'double', value: 21 }, { do: 'nothing' }])
  expect(ended).toMatchObject([
    { ok: true, result: { output: 42 } },
    { ok: true, result: { output: null } },
  ])
})

test('a module is loaded once per thread and keeps its state there', async () => {
  const { outcomes } = await open(1)
  const ended = await outcomes(Array.from({ length: 5 }, () => ({ do: 'thread' })))
  const outputs = ended.map((outcome) => (outcome as { result: { output: { runs: number } } }).result.output)
  expect(outputs.map(({ runs }) => runs).sort()).toEqual([1, 2, 3, 4, 5])
})

test('shared data is fetched once and is one memory for all threads', async () => {
  const { outcomes, objects } = await open(2)
  const shared = await objects.put(new Uint8Array(4))
  const ended = await outcomes(
    Array.from({ length: 30 }, () => ({ do: 'count' })),
    {},
    [shared],
  )
  const seen = ended.map((outcome) => (outcome as { result: { output: number } }).result.output)
  expect(seen.sort((a, b) => a - b)).toEqual(seen.map((_, i) => i))
  expect(objects.reads.get(shared)).toBe(1)
})

test('what a module throws fails its task for good, unless it is marked as retryable', async () => {
  const { outcomes } = await open()
  const ended = await outcomes([{ do: 'throw', value: 7 }, { do: 'throw-once' }], { attempts: 3 })
  const error = { code: 'TASK_FAILED', retryable: false, details: { task: 'map/i0', reason: 'RangeError: no 7' } }
  expect(ended).toMatchObject([
    { ok: false, attempts: 1, error },
    { ok: true, attempts: 2, result: { output: 2 } },
  ])
})

test('a marked error that does not pass is the outcome after the last attempt', async () => {
  const { outcomes } = await open()
  const [ended] = await outcomes([{ do: 'throw-once' }], { attempts: 1 })
  expect(ended).toMatchObject({ ok: false, attempts: 1, error: { code: 'TASK_FAILED_FOR_NOW', retryable: true } })
})

test('an output that JSON would change, or that is too long, fails the task', async () => {
  const { outcomes } = await open()
  const [notJson, tooLong] = await outcomes([{ do: 'not-json' }, { do: 'too-long' }])
  expect(notJson).toMatchObject({ ok: false, error: { code: 'TASK_FAILED' } })
  expect((notJson as { error: { message: string } }).error.message).toMatch('/at/0 is NaN')
  expect(tooLong).toMatchObject({ ok: false, error: { code: 'TASK_INVALID' } })
})

test('a task that never yields is ended at its time limit; one that exits costs its thread only', async () => {
  const { outcomes } = await open()
  const [endless] = await outcomes([{ do: 'spin' }], { timeoutMs: 300, key: 'endless' })
  expect(endless).toMatchObject({ ok: false, error: { code: 'TASK_TIMEOUT' } })
  const [exited, next] = await outcomes([{ do: 'exit' }, { do: 'double', value: 1 }])
  expect(exited).toMatchObject({ ok: false, error: { code: 'WORKER_CRASHED' } })
  expect(next).toMatchObject({ ok: true, result: { output: 2 } })
})

test('a task that heeds its signal keeps its thread when its time is up', async () => {
  const { outcomes, objects } = await open(1)
  const shared = await objects.put(new Uint8Array(4))
  const [first] = await outcomes([{ do: 'thread' }], { key: 'first' }, [shared])
  const [late] = await outcomes([{ do: 'wait' }], { key: 'late', timeoutMs: 300 }, [shared])
  expect(late).toMatchObject({ ok: false, error: { code: 'TASK_TIMEOUT' } })
  const [next, heeded] = await outcomes([{ do: 'thread' }, { do: 'count' }], {}, [shared])
  const threadOf = (outcome: unknown) =>
    (outcome as { result: { output: { threadId: number } } }).result.output.threadId
  expect(threadOf(next)).toBe(threadOf(first))
  expect(heeded).toMatchObject({ ok: true, result: { output: 1 } })
})

test('a name that is not in the list is refused without a retry and without fetching its data', async () => {
  const { queue, objects } = await open()
  const shared = [await objects.put(new Uint8Array(4))]
  const payload = { module: 'other', input: 1, shared }
  const own = makeTask({ runId: 'map', key: 'a', name: 'own', payload, attempts: 3, timeoutMs: 1000 })
  const training = { ...deedTask('b', 'count', shared[0]!, { attempts: 3 }), runId: 'map', id: 'map/b' }
  const ended: TaskOutcome[] = []
  await new Promise<void>((resolve, reject) => {
    queue.onOutcome('map', (outcome) => {
      if (ended.push(outcome) === 2) resolve()
    })
    queue.enqueue([own, training]).catch(reject)
  })
  const details = { kind: 'own task', name: 'other', task: 'map/a', known: 'deeds' }
  expect(ended).toMatchObject([
    { ok: false, attempts: 1, error: { code: 'TASK_UNKNOWN', details } },
    { ok: false, attempts: 1, error: { code: 'TASK_UNKNOWN' } },
  ])
  expect(objects.reads.size).toBe(0)
})

test('names of what every object has are in no list', async () => {
  const { queue } = await open(1)
  const payload = { module: 'constructor', input: 1, shared: [] }
  const ended = new Promise<TaskOutcome>((resolve) => queue.onOutcome('map', resolve))
  await queue.enqueue([makeTask({ runId: 'map', key: 'a', name: 'own', payload, attempts: 1, timeoutMs: 1000 })])
  expect(await ended).toMatchObject({ ok: false, error: { code: 'TASK_UNKNOWN' } })
})

test('a list that is no list says everything that is wrong with it', async () => {
  const problemsOf = async (list: unknown) =>
    readOwnTasks(await listFile(list)).then(
      () => undefined,
      (error: unknown) => `${(error as BullpenError).code} ${(error as BullpenError).message}`,
    )
  expect(await problemsOf('{')).toMatch(/^OWN_TASKS_INVALID .*JSON/)
  expect(await problemsOf([deeds])).toMatch(/no JSON object/)
  expect(await problemsOf({})).toMatch(/it names no task/)
  expect(await problemsOf({ '../x': deeds, a: 3 })).toMatch(/has 2 problem\(s\): \.\.\/x is no name.*; a has no path/)
  await expect(readOwnTasks(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'OWN_TASKS_INVALID' })
})

test('a pool does not open with modules that are missing or have no run', async () => {
  const file = await listFile({ deeds, 'without-run': withoutRun, missing: './missing.js' })
  const ownTasks = await readOwnTasks(file)
  const queue = new MemoryTaskQueue()
  closers.push(() => queue.close())
  const objects = new CountingObjects()
  const opening = openWorkerPool({ queue, objects, ownTasks, threads: 1 })
  await expect(opening).rejects.toMatchObject({ code: 'OWN_TASKS_INVALID', details: { count: 2, file } })
  await expect(openWorkerPool({ queue, objects, ownTasks, engine: testEngine })).rejects.toThrow(/either an engine/)
})
