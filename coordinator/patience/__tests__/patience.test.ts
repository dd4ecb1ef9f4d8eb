import { expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { MemoryModelRegistry, MemoryObjectStore, MemoryRunStore } from '#platform/memory'
import { exampleManifest, firstVersion } from '#core/registry/testing'
import { Patience, PatientObjects, PatientRegistry, PatientRuns } from '../index.ts'

const gone = () => new BullpenError('DATABASE_UNAVAILABLE', { database: 'db', reason: 'down' })

/** A clock that pauses move on. */
function setUp(limitMs = 900_000) {
  let now = 0
  const notes: string[] = []
  const pauses: number[] = []
  const interrupt = new AbortController()
  const patience = new Patience({
    limitMs,
    note: (text) => notes.push(text),
    signal: interrupt.signal,
    clock: () => now,
    pause: (ms) => {
      now += ms
      pauses.push(ms)
      return Promise.resolve()
    },
  })
  return { patience, notes, pauses, interrupt }
}

/** Fails `times`, before or after having done its work, then answers. */
function failing<T>(times: number, work: () => Promise<T>, { lateBy = 0 } = {}) {
  let calls = 0
  return async () => {
    calls += 1
    if (calls > times) return work()
    if (calls > times - lateBy) await work()
    throw gone()
  }
}

test('a call is repeated until it is answered, with one note when it is away and one when it is back', async () => {
  const { patience, notes, pauses } = setUp()
  expect(
    await patience.call(
      'the database',
      failing(7, () => Promise.resolve(42)),
    ),
  ).toBe(42)
  expect(pauses).toEqual([200, 400, 800, 1600, 3200, 5000, 5000])
  expect(notes).toEqual([
    'the database is away, waiting up to 15 min 00 s: the database db cannot be reached: down',
    'the database is back after 16.2 s',
  ])
})

test('the limit is kept', async () => {
  const { patience, pauses } = setUp(3000)
  await expect(
    patience.call(
      'x',
      failing(99, () => Promise.resolve(1)),
    ),
  ).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  })
  expect(pauses).toEqual([200, 400, 800, 1600])
})

test('without a limit nothing is repeated', async () => {
  const { patience, notes } = setUp(0)
  await expect(
    patience.call(
      'x',
      failing(1, () => Promise.resolve(1)),
    ),
  ).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  })
  expect(notes).toEqual([])
})

test('an answer that is an error is not repeated', async () => {
  const { patience, pauses } = setUp()
  const work = () => Promise.reject(new BullpenError('RUN_NOT_FOUND', { run: 'r' }))
  await expect(patience.call('x', work)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' })
  expect(pauses).toEqual([])
})

test('an interruption ends the waiting', async () => {
  const { patience, interrupt } = setUp()
  interrupt.abort()
  await expect(
    patience.call(
      'x',
      failing(1, () => Promise.resolve(1)),
    ),
  ).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  })
})

test('publishing whose answer was lost makes one version', async () => {
  const { patience } = setUp()
  const registry = new MemoryModelRegistry()
  const publish = registry.publish.bind(registry)
  const manifest = exampleManifest('run')
  registry.publish = failing(2, () => publish(manifest, { decision: firstVersion }), { lateBy: 2 })
  expect(await new PatientRegistry(registry, patience).publish(manifest)).toMatchObject({ version: 1 })
  expect(await registry.list()).toHaveLength(1)
  expect(await registry.history('champion')).toHaveLength(1)
})

test('a run whose creation was not confirmed is that run, and one that existed before is refused', async () => {
  const { patience } = setUp()
  const runs = new MemoryRunStore()
  const create = runs.create.bind(runs)
  runs.create = failing(1, () => create('r', { seed: 1 }), { lateBy: 1 })
  expect(await new PatientRuns(runs, patience).create('r', { seed: 1 })).toMatchObject({ id: 'r', spec: { seed: 1 } })
  await expect(new PatientRuns(runs, patience).create('r', { seed: 1 })).rejects.toMatchObject({ code: 'RUN_EXISTS' })
})

test('an object store that is away is waited for', async () => {
  const { patience, notes } = setUp()
  const objects = new MemoryObjectStore()
  const put = objects.put.bind(objects)
  objects.put = failing(1, () => put(new Uint8Array([1])))
  const sha256 = await new PatientObjects(objects, patience).put(new Uint8Array([1]))
  expect(await objects.has(sha256)).toBe(true)
  expect(notes[1]).toBe('the object store is back after 200 ms')
})
