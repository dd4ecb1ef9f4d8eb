import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openClient, type ServiceEvent } from '#client'
import { nextCandle, openTestService, testSeries, type TestService } from '../../testing/index.ts'

let service: TestService
let url: string
beforeEach(async () => {
  service = await openTestService()
  url = await service.listen()
})
afterEach(() => service.close())

const sendNext = async (): Promise<void> => {
  service.clock.now += testSeries.widthMs
  const [newest] = service.parts.book.candles(testSeries, 1)
  await service.parts.book.apply(testSeries, [nextCandle(newest!)])
}

/** Events of the stream until there are `count`. `begun` is called each time the service has begun to stream. */
async function take(count: number, begun: () => void, after?: string): Promise<ServiceEvent[]> {
  const events: ServiceEvent[] = []
  const options = after === undefined ? { onOpen: begun } : { onOpen: begun, after }
  for await (const event of openClient({ url }).events(options)) {
    events.push(event)
    if (events.length === count) break
  }
  return events
}

/** Resolves with what `listen` heard once `cause` has happened, which it does when the stream has begun. */
function heard(count: number, cause: () => Promise<void>, after?: string): Promise<ServiceEvent[]> {
  return new Promise((resolve, reject) => {
    const begun = (): void => {
      cause().catch(reject)
    }
    take(count, begun, after).then(resolve, reject)
  })
}

describe('GET /v1/events', () => {
  test('tells a verdict when its candle arrives', async () => {
    const [event] = await heard(1, sendNext)
    expect(event).toMatchObject({
      kind: 'verdict',
      data: { symbol: 'BTC/USDT', timeframe: '4h', candle: { openTime: '2026-01-31T12:00:00.000Z' } },
    })
  })

  test('tells who comes back what was missed meanwhile, and nothing twice', async () => {
    const [first] = await heard(1, sendNext)
    await sendNext()
    await sendNext()
    const missed = await heard(2, () => Promise.resolve(), first!.id)
    const times = missed.map(({ data }) => (data as { candle: { openTime: string } }).candle.openTime)
    expect(times).toEqual(['2026-01-31T16:00:00.000Z', '2026-01-31T20:00:00.000Z'])
  })

  test('ends with the service, which waits for no listener', async () => {
    const ended = new Promise<void>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
        socket.write('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n')
      })
      socket.once('data', () => {
        service.app.close().catch(reject)
      })
      socket.on('error', reject)
      socket.on('close', () => {
        resolve()
      })
      socket.resume()
    })
    await ended
  })

  test('drops a client that reads nothing instead of keeping what it should read', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n')
    await new Promise((resolve) => socket.once('readable', resolve))
    const closed = new Promise<void>((resolve) => {
      socket.on('close', () => {
        resolve()
      })
      socket.on('error', () => undefined)
    })
    const reason = 'a reason as long as a page '.repeat(2000)
    const listeners = async () => /bullpen_event_listeners (\d+)/.exec((await service.app.inject('/metrics')).body)?.[1]
    expect(await listeners()).toBe('1')
    // The kernel takes some megabytes before anything waits here.
    const hub = service.parts.events as unknown as { emit(event: object): void }
    for (let i = 0; i < 2000 && (await listeners()) === '1'; i++) {
      for (let n = 0; n < 20; n++) hub.emit({ kind: 'rollback', from: 2, to: 1, reason })
    }
    expect(await listeners()).toBe('0')
    socket.resume()
    await closed
  })
})
