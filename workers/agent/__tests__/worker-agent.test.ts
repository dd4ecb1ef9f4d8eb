import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { MemoryFleet, MemoryObjectStore } from '#platform/memory'
import { CachingObjectStore } from '#platform/objects'
import {
  CountingObjects,
  deedStarts,
  deedTask,
  foldTask,
  letGo,
  testEngineOf,
  testTable,
} from '../../__tests__/fixtures/pool-fixture.ts'
import { FileNotice } from '../../notice/file-notice.ts'
import { startAgent, until, type AgentFixture, type AgentFixtureOptions } from './fixtures/agent-fixture.ts'

const open: AgentFixture[] = []
afterEach(async () => {
  for (const { tell, departed, queue } of open.splice(0)) {
    tell()
    await departed.catch(() => undefined)
    await queue.close()
  }
})

async function start(options: AgentFixtureOptions = {}) {
  const fixture = await startAgent(options)
  open.push(fixture)
  await fixture.serving
  const seen = async () => (await fixture.fleet.list()).find(({ id }) => id === fixture.id)!
  return { ...fixture, seen }
}

test('an agent joins with its facts, counts what it does, and leaves with its reason', async () => {
  const { outcomes, seen, calls, tell, departed } = await start()
  expect(await seen()).toMatchObject({
    state: 'running',
    host: 'h',
    route: 'train-test',
    threads: 2,
    engine: 'wasm test',
    pid: process.pid,
    price: { perHour: 0.12, currency: 'USD' },
    versions: { bullpen: '1.0.0', node: process.versions.node },
  })
  await outcomes([deedTask('a', 'count', calls), deedTask('b', 'count', calls), deedTask('c', 'fail-for-good', calls)])
  await until(async () => (await seen()).done === 3)
  expect(await seen()).toMatchObject({ failed: 1, busy: 0 })
  tell()
  expect(await departed).toMatchObject({ cause: 'told', reason: 'asked to stop' })
  expect(await seen()).toMatchObject({ state: 'left', leftBecause: 'asked to stop' })
})

test('told to stop with a task in hand, it finishes that task and takes no other', async () => {
  const { outcomes, queue, seen, calls, tell, departed, notes } = await start({ pool: { threads: 1 } })
  const started = deedStarts('wait-for-go')
  const ending = outcomes([deedTask('a', 'wait-for-go', calls), deedTask('b', 'count', calls)])
  await started
  tell()
  await until(async () => (await seen()).state === 'draining')
  expect(await seen()).toMatchObject({ busy: 1 })
  letGo()
  await departed
  expect(await seen()).toMatchObject({ state: 'left', done: 1, busy: 0 })
  queue.consume(() => Promise.resolve({ table: calls, rows: 1, columns: 1 }), { concurrency: 1, worker: 'later' })
  const ended = await ending
  expect(ended.get('a')).toMatchObject({ ok: true, attempts: 1, worker: open[0]!.id })
  expect(ended.get('b')).toMatchObject({ ok: true, worker: 'later' })
  expect(notes).toEqual([])
})

test('past the notice time it hands back what it holds: the task runs elsewhere and the attempt does not count', async () => {
  const { outcomes, queue, calls, tell, departed, notes } = await start({ noticeTimeMs: 30 })
  const started = deedStarts('spin')
  const ending = outcomes([deedTask('a', 'spin', calls, { attempts: 1 })])
  await started
  tell()
  await departed
  expect(notes).toEqual([expect.stringMatching(/^handing back 1 task/)])
  queue.consume((_, { attempt }) => Promise.resolve({ table: calls, rows: attempt, columns: 1 }), {
    concurrency: 1,
    worker: 'later',
  })
  expect((await ending).get('a')).toMatchObject({ ok: true, attempts: 1, worker: 'later', result: { rows: 1 } })
})

test('a notice that names a near end is kept before the notice time', async () => {
  const check = () => Promise.resolve({ reason: 'spot notice', at: Date.now() + 3100 })
  const started = deedStarts('spin')
  const { outcomes, calls, departed, notes, seen } = await start({
    notices: [{ describe: 'test', check: () => started.then(check) }],
    noticeTimeMs: 1_000_000,
  })
  void outcomes([deedTask('a', 'spin', calls, { attempts: 1 })])
  expect(await departed).toMatchObject({ cause: 'notice', reason: 'spot notice' })
  expect(notes).toEqual([expect.stringMatching(/^handing back 1 task that did not end within 0 s/)])
  expect(await seen()).toMatchObject({ state: 'left', leftBecause: 'spot notice' })
})

test('a file that appears makes it leave', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-agent-'))
  try {
    const path = join(folder, 'leave')
    const { departed } = await start({ notices: [new FileNotice(path)] })
    writeFileSync(path, 'maintenance at noon\n')
    expect(await departed).toMatchObject({ cause: 'notice', reason: 'maintenance at noon' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('without a task for long enough it leaves, and not while it works', async () => {
  const { outcomes, calls, departed, seen } = await start({ idleExitMs: 150 })
  const started = deedStarts('wait-for-go')
  const ending = outcomes([deedTask('a', 'wait-for-go', calls)])
  await started
  const beats = (await seen()).heartbeatAt
  await until(async () => (await seen()).heartbeatAt > beats + 300) // twice the idle time has passed
  expect(await seen()).toMatchObject({ state: 'running', busy: 1 })
  letGo()
  await ending
  expect(await departed).toMatchObject({ cause: 'idle', reason: 'no task for 0.15 s' })
})

test('past its longest lifetime it leaves, and finishes what it has', async () => {
  const { outcomes, calls, departed, seen } = await start({ maxLifetimeMs: 100 })
  const started = deedStarts('wait-for-go')
  const ending = outcomes([deedTask('a', 'wait-for-go', calls)])
  await started
  await until(async () => (await seen()).state === 'draining')
  letGo()
  expect((await ending).get('a')).toMatchObject({ ok: true })
  expect(await departed).toMatchObject({ cause: 'lifetime' })
})

test('a thread that crashes or runs out of memory costs one attempt, not the agent', async () => {
  const { outcomes, calls, seen } = await start({ pool: { threadMemoryMb: 24 } })
  const ended = await outcomes([
    deedTask('a', 'exit-once', calls, { attempts: 2 }),
    deedTask('b', 'run-out-of-memory', calls, { attempts: 1 }),
    deedTask('c', 'count', calls),
  ])
  expect(ended.get('a')).toMatchObject({ ok: true, attempts: 2 })
  expect(ended.get('b')).toMatchObject({ ok: false, attempts: 1, error: { code: 'WORKER_CRASHED' } })
  expect(ended.get('c')).toMatchObject({ ok: true })
  await until(async () => (await seen()).done === 4)
  expect(await seen()).toMatchObject({ state: 'running', failed: 2 })
})

test('a task of another engine version is refused, and the agent stays', async () => {
  const objects = new MemoryObjectStore()
  const table = await objects.put(testTable(3, 2))
  const { outcomes, calls, seen } = await start({ objects })
  const ended = await outcomes([
    foldTask('engine', table, [0], testEngineOf('9.9.9')),
    deedTask('after', 'count', calls),
  ])
  expect(ended.get('engine')).toMatchObject({ ok: false, attempts: 1, error: { code: 'ENGINE_DIFFERS' } })
  expect(ended.get('after')).toMatchObject({ ok: true })
  expect(await seen()).toMatchObject({ state: 'running' })
})

test('an object store that is away is waited for within the attempt, said once, for reading and for writing', async () => {
  class Flaky extends MemoryObjectStore {
    failures = 0
    override get(hash: string): Promise<Uint8Array> {
      return this.failures-- > 0 ? Promise.reject(away) : super.get(hash)
    }
    override put(bytes: Uint8Array): Promise<string> {
      return this.failures-- > 0 ? Promise.reject(away) : super.put(bytes)
    }
  }
  const away = new BullpenError('OBJECT_STORE_UNAVAILABLE', { store: 'test', reason: 'away' })
  const objects = new Flaky()
  const { outcomes, calls, notes } = await start({ objects, pool: { outageWaitMs: { first: 1, longest: 4 } } })
  objects.failures = 5
  const read = await outcomes([deedTask('a', 'count', calls)])
  expect(read.get('a')).toMatchObject({ ok: true, attempts: 1 })
  objects.failures = 5
  const written = await outcomes([deedTask('b', 'make', calls)])
  expect(written.get('b')).toMatchObject({ ok: true, attempts: 1 })
  expect(notes).toEqual(Array(2).fill('the object store test cannot be used: away; tasks wait for it'))
  objects.failures = Infinity
  const timedOut = await outcomes([deedTask('c', 'make', calls, { timeoutMs: 100 })])
  expect(timedOut.get('c')).toMatchObject({ ok: false, attempts: 1, error: { code: 'TASK_TIMEOUT' } })
})

test('a data set is fetched once per host, for all threads and for agents that come later', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-agent-'))
  try {
    const store = new CountingObjects()
    for (let visit = 0; visit < 2; visit++) {
      const objects = new CachingObjectStore({ store, folder, limitBytes: 1000 })
      const { outcomes, calls, tell, departed } = await start({ objects })
      const tasks = ['a', 'b', 'c', 'd'].map((key) => deedTask(key, 'count', calls))
      expect([...(await outcomes(tasks)).values()].every(({ ok }) => ok)).toBe(true)
      expect(store.reads).toEqual(new Map([[calls, 1]]))
      tell()
      await departed
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a fleet that cannot be reached is waited out; one that forgot the agent has it join again', async () => {
  class Restorable extends MemoryFleet {
    kept = new MemoryFleet()
    isAway = false
    override join = (...args: Parameters<MemoryFleet['join']>) => this.kept.join(...args)
    override leave = (...args: Parameters<MemoryFleet['leave']>) => this.kept.leave(...args)
    override list = (...args: Parameters<MemoryFleet['list']>) => this.kept.list(...args)
    override pulse = (...args: Parameters<MemoryFleet['pulse']>) =>
      this.isAway ? Promise.reject(gone) : this.kept.pulse(...args)
  }
  const gone = new BullpenError('DATABASE_UNAVAILABLE', { database: 'd', reason: 'test' })
  const fleet = new Restorable()
  const { notes, id, outcomes, calls } = await start({ fleet })
  fleet.isAway = true
  await until(() => notes.length === 1)
  expect((await outcomes([deedTask('a', 'count', calls)])).get('a')).toMatchObject({ ok: true })
  fleet.kept = new MemoryFleet()
  fleet.isAway = false
  await until(async () => (await fleet.list()).some((agent) => agent.id === id && agent.done === 1))
  expect(notes).toEqual([
    expect.stringMatching(/^the fleet does not hear this agent/),
    'the fleet no longer knew this agent: it has joined again',
    'the fleet hears this agent again',
  ])
})

test('with queue and fleet both away it still leaves soon after the notice time', async () => {
  class Silent extends MemoryFleet {
    isAway = false
    override pulse = (...args: Parameters<MemoryFleet['pulse']>) => (this.isAway ? never : super.pulse(...args))
    override leave = (...args: Parameters<MemoryFleet['leave']>) => (this.isAway ? never : super.leave(...args))
  }
  const never = new Promise<never>(() => undefined)
  const fleet = new Silent()
  const pool = { threads: 1, drain: () => never, handBack: () => never, close: () => never }
  const options = { noticeTimeMs: 10, goodbyeMs: 30, openPool: () => Promise.resolve(pool) }
  const { tell, departed } = await start({ fleet, ...options })
  fleet.isAway = true
  tell()
  expect(await departed).toMatchObject({ cause: 'told' })
})

test('an agent whose threads cannot open the engine leaves at once and says so', async () => {
  const fixture = await startAgent({ pool: { engine: testEngineOf('missing') } })
  await expect(fixture.departed).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' })
  const [agent] = await fixture.fleet.list()
  expect(agent).toMatchObject({ state: 'left', leftBecause: 'its threads did not start: ENGINE_UNAVAILABLE' })
})
