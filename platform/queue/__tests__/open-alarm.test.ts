import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { RedisServer } from '#platform/queue/testing'
import { openAlarm } from '../open-alarm.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await RedisServer.start()
})
afterAll(() => redis.stop())

test('an alarm is set once for all who share it, and rings at one of them', async () => {
  const rung: string[] = []
  let hear: () => void = () => undefined
  const heard = new Promise<void>((resolve) => (hear = resolve))
  const open = (who: string) =>
    openAlarm({
      url: redis.url,
      name: 'weekly',
      cron: '0 6 * * 1',
      onNote: () => undefined,
      onRing: () => {
        rung.push(who)
        hear()
      },
    })
  const alarms = [await open('a'), await open('b')]
  const client = new Redis(redis.url)
  try {
    const delayed = (await client.keys('*alarm-weekly:delayed'))[0]!
    const [job, ...others] = await client.zrange(delayed, '0', '-1')
    expect(others).toEqual([])
    // BullMQ keeps the time of a delayed job in its score, ms times 4096.
    const score = Number(await client.zscore(delayed, job!))
    const at = new Date(Math.floor(score / 4096))
    expect([at.getUTCDay(), at.getUTCHours(), at.getUTCMinutes()]).toEqual([1, 6, 0])
    // The clock is put forward: what was due on Monday is due now.
    await client.zadd(delayed, 'XX', 1, job!)
    await client.zadd(delayed.replace(/delayed$/, 'marker'), 0, '0')
    await heard
    expect(rung).toHaveLength(1)
  } finally {
    client.disconnect()
    for (const alarm of alarms) await alarm.close()
  }
})
