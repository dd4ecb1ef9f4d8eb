import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connect, type OwnTaskContext } from 'bullpen'
import { ownRoute } from '#core/protocol'
import { FolderObjectStore } from '#platform/objects'
import { openDatabase, PostgresTaskLedger, type Database } from '#platform/postgres'
import { openTaskQueue } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'
import { listOwnTasks, openWorkerPool } from '#workers'

type Deed = (input: { do: string; value?: number }, context: OwnTaskContext) => number

const deeds = resolve('dist/workers/__tests__/fixtures/own/deeds.js')
const before = { ...process.env }
const closers: (() => Promise<void>)[] = []
const notes: string[] = []
const reads: string[][] = []
let database: Database
let redis: RedisServer
let objects: string

/** Objects of one agent, which remember what was fetched. */
class AgentObjects extends FolderObjectStore {
  readonly fetched: string[] = []

  override get(name: string): Promise<Uint8Array> {
    this.fetched.push(name)
    return super.get(name)
  }
}

async function startAgent(name: string): Promise<void> {
  const ledger = new PostgresTaskLedger(database)
  const route = ownRoute('research')
  const queue = await openTaskQueue({ url: redis.url, route, ledger, onNote: () => undefined })
  const store = new AgentObjects(objects)
  reads.push(store.fetched)
  const ownTasks = listOwnTasks({ deeds }, resolve('tasks.json'))
  const pool = await openWorkerPool({ queue, objects: store, ownTasks, threads: 1, name })
  closers.push(async () => {
    await pool.close()
    await queue.close()
  })
}

function connected() {
  return connect({ group: 'research', onNote: (text) => notes.push(text) })
}

beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'bullpen-own-cluster-'))
  closers.push(() => rm(home, { recursive: true }))
  objects = join(home, 'objects')
  redis = await RedisServer.start()
  closers.push(() => redis.stop())
  Object.assign(process.env, { BULLPEN_HOME: home, REDIS_URL: redis.url })
  database = await openDatabase({ home, onNote: () => undefined })
  closers.push(() => database.close())
  await startAgent('one')
  await startAgent('two')
}, 120_000)
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  for (const name of ['BULLPEN_HOME', 'REDIS_URL']) {
    if (before[name] === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = before[name]
  }
}, 60_000)

async function tasksKept(): Promise<number> {
  const rows = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM bullpen.tasks')
  return rows[0]!.count
}

test('two agents answer a map in order, fetch what it shares once each, and nothing of it is kept', async () => {
  const pool = await connected()
  const shared = [await pool.share(new Uint8Array(4))]
  const items = Array.from({ length: 1500 }, (_, value) => ({ do: 'double', value }))
  const workers = new Set<string>()
  let next = 0
  for await (const { output, worker } of pool.map<Deed>('deeds', items, { shared, concurrency: 300 })) {
    expect(output).toBe(2 * next++)
    workers.add(worker)
  }
  expect(next).toBe(1500)
  expect([...workers].sort()).toEqual(['one', 'two'])
  expect(reads).toEqual([[shared[0]!.sha256], [shared[0]!.sha256]])
  await pool.close()
  expect(await tasksKept()).toBe(0)
}, 120_000)

test('failures keep their codes over the queue; marked ones are tried again; unknown names are not', async () => {
  const pool = await connected()
  const items = ['throw', 'throw-once', 'not-json', 'exit', 'double'].map((deed) => ({ do: deed, value: 1 }))
  const results = []
  for await (const result of pool.map<Deed>('deeds', items, { onError: 'yield', retries: 1 })) results.push(result)
  expect(results).toMatchObject([
    { ok: false, attempts: 1, error: { code: 'TASK_FAILED', details: { reason: 'RangeError: no 1' } } },
    { ok: true, attempts: 2, output: 2 },
    { ok: false, attempts: 1, error: { code: 'TASK_FAILED' } },
    { ok: false, attempts: 2, error: { code: 'WORKER_CRASHED' } },
    { ok: true, attempts: 1, output: 2 },
  ])
  await expect(pool.map('other', [1]).next()).rejects.toMatchObject({ cause: { code: 'TASK_UNKNOWN' } })
  await pool.close()
  expect(await tasksKept()).toBe(0)
})

test('leaving a loop drops what waits and ends what runs, however long it would take', async () => {
  const pool = await connected()
  function* items() {
    yield { do: 'double', value: 1 }
    for (;;) yield { do: 'spin' }
  }
  for await (const { output } of pool.map<Deed>('deeds', items(), { concurrency: 40 })) {
    expect(output).toBe(2)
    break
  }
  expect(await tasksKept()).toBe(0)
  // The threads are free again.
  for await (const { output } of pool.map<Deed>('deeds', [{ do: 'double', value: 4 }])) expect(output).toBe(8)
  await pool.close()
})

test('a group without agents is noted, and its tasks wait', async () => {
  expect(notes.some((text) => text.includes('no agent serves group research'))).toBe(true) // none has joined the fleet
  await expect(connect({ group: '../x', onNote: () => undefined })).rejects.toMatchObject({ code: 'USAGE' })
  await expect(connect({ group: 'research', queue: 'http://x', onNote: () => undefined })).rejects.toMatchObject({
    code: 'USAGE',
  })
})
