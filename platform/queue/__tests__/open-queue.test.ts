import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { exampleResult, exampleTask, outcomesOf } from '#core/protocol/testing'
import { MemoryTaskLedger } from '#platform/memory'
import { openTaskQueue } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'

const password = 's3cret/with:odd@signs'
let redis: RedisServer
let tls: RedisServer
beforeAll(async () => {
  redis = await RedisServer.start({ password })
  tls = await RedisServer.start({ tls: true, user: { name: 'pool', password: 'plain' } })
})
afterAll(async () => {
  await redis.stop()
  await tls.stop()
})

const options = { route: 'test', ledger: new MemoryTaskLedger(), onNote: () => undefined, connectTimeoutMs: 2000 }
const urlWith = (secret: string, port = redis.port) => `redis://:${encodeURIComponent(secret)}@127.0.0.1:${port}`

test('a wrong password is QUEUE_UNAVAILABLE and no text shows it', async () => {
  const error: unknown = await openTaskQueue({ ...options, url: urlWith('wrong-secret') }).catch((e: unknown) => e)
  expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE', details: { queue: `redis://127.0.0.1:${redis.port}` } })
  expect((error as Error).message).toMatch(/WRONGPASS/)
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    expect(inspect(one, { depth: 10, showHidden: true })).not.toContain('wrong-secret')
  }
})

test('no password where one is needed, nobody listening, and a silent server are QUEUE_UNAVAILABLE in bounded time', async () => {
  const bare = `redis://127.0.0.1:${redis.port}`
  await expect(openTaskQueue({ ...options, url: bare })).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
  const gone = await RedisServer.start()
  await gone.kill()
  await expect(openTaskQueue({ ...options, url: gone.url })).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
  await gone.start()
  gone.freeze()
  const frozen = openTaskQueue({ ...options, url: gone.url, connectTimeoutMs: 200 })
  await expect(frozen).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE', details: { reason: /./ } as object })
  await gone.stop()
})

test('what is no Redis address is refused without being repeated', async () => {
  for (const url of ['localhost', 'http://u:hidden@host', 'redis://', 'redis://host/x', 'redis://:hidden@host:x']) {
    const error: unknown = await openTaskQueue({ ...options, url }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'USAGE' })
    expect((error as Error).message).not.toContain('hidden')
  }
})

test('tasks go through with an odd password, and with TLS, a user and an authority of its own', async () => {
  const ca = tls.certificate!.caFile
  const queues = [{ url: urlWith(password) }, { url: tls.url, tls: { ca } }]
  for (const address of queues) {
    const queue = await openTaskQueue({ ...options, ledger: new MemoryTaskLedger(), ...address })
    expect(queue.describe).toMatch(/^rediss?:\/\/127\.0\.0\.1:\d+$/)
    const outcomes = outcomesOf(queue, 'run')
    queue.consume(() => Promise.resolve(exampleResult()), { concurrency: 1, worker: 'w' })
    await queue.enqueue([exampleTask('run', 'a')])
    expect(await outcomes.reach(1)).toMatchObject([{ ok: true }])
    await queue.close()
  }
  const untrusting = openTaskQueue({ ...options, url: tls.url })
  await expect(untrusting).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
  await expect(openTaskQueue({ ...options, url: tls.url, tls: { ca: '/no/such/file' } })).rejects.toMatchObject({
    code: 'USAGE',
  })
})
