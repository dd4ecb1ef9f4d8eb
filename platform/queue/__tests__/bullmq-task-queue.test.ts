import { afterAll, beforeAll } from '@jest/globals'
import { describeTaskQueue } from '#core/protocol/testing'
import { MemoryTaskLedger } from '#platform/memory'
import { openTaskQueue } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'

let redis: RedisServer
beforeAll(async () => {
  redis = await RedisServer.start({ password: 'secret' })
})
afterAll(() => redis.stop())

describeTaskQueue(
  'BullmqTaskQueue over MemoryTaskLedger',
  async () => {
    await redis.flush()
    const ledger = new MemoryTaskLedger()
    return {
      connect: () => openTaskQueue({ url: redis.url, route: 'test', ledger, onNote: () => undefined }),
      dispose: () => Promise.resolve(),
    }
  },
  { randomRuns: 10 },
)
