import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { describeTaskQueue, exampleResult, exampleTask, outcomesOf } from '#core/protocol/testing'
import { PostgresTaskLedger } from '#platform/postgres'
import { testDatabase } from '#platform/postgres/testing'
import { openTaskQueue } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'

const { database, home } = await testDatabase()
let redis: RedisServer
let child: ChildProcess | undefined
afterEach(() => {
  child?.kill('SIGKILL')
})
beforeAll(async () => {
  redis = await RedisServer.start({ password: 'secret' })
})
afterAll(async () => {
  await redis.stop()
})
const empty = async () => {
  await database.query('TRUNCATE bullpen.tasks, bullpen.runs CASCADE')
  await redis.flush()
}
beforeEach(empty)

const open = (more: { leaseTtlMs?: number; maintainEveryMs?: number } = {}) =>
  openTaskQueue({
    ...{ url: redis.url, route: 'test', ledger: new PostgresTaskLedger(database), onNote: () => undefined },
    ...more,
  })

describeTaskQueue(
  'BullmqTaskQueue over PostgresTaskLedger',
  async () => {
    await empty()
    return { connect: () => open(), dispose: () => Promise.resolve() }
  },
  { randomRuns: 6 },
)

test('a process killed at work loses what it was running, which runs elsewhere, and nothing else', async () => {
  const queue = await open({ leaseTtlMs: 1000, maintainEveryMs: 100 })
  const outcomes = outcomesOf(queue, 'run')
  const keys = ['a', 'b', 'c', 'hang1', 'hang2', 'd', 'e', 'f']
  await queue.enqueue(keys.map((key) => exampleTask('run', key, { attempts: 2 })))
  const program = resolve('dist/platform/queue/__tests__/consumer-process.js')
  const doomed = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], BULLPEN_HOME: home, REDIS_URL: redis.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = doomed
  let started = ''
  const bothHang = new Promise<void>((hang) => {
    doomed.stdout.on('data', (chunk: Buffer) => {
      started += chunk.toString()
      if (started.includes('hang1') && started.includes('hang2')) hang()
    })
  })
  await bothHang
  await outcomes.reach(3)
  doomed.kill('SIGKILL')
  await once(doomed, 'exit')
  const again: string[] = []
  queue.consume(
    ({ key }) => {
      again.push(key)
      return Promise.resolve(exampleResult())
    },
    { concurrency: 2, worker: 'heir' },
  )
  await outcomes.reach(keys.length)
  expect(started.trim().split('\n')).toEqual(['a', 'b', 'c', 'hang1', 'hang2'])
  expect(again.sort()).toEqual(['d', 'e', 'f', 'hang1', 'hang2'])
  const ended = outcomes.seen.map(({ key, worker, ok, attempts }) => [key, worker, ok, attempts])
  for (const key of ['a', 'b', 'c']) expect(ended).toContainEqual([key, 'doomed', true, 1])
  for (const key of ['hang1', 'hang2']) expect(ended).toContainEqual([key, 'heir', true, 2])
  expect(ended).toHaveLength(keys.length)
  await queue.close()
})
