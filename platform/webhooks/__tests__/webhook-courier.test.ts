import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import {
  isSignedRequest,
  readWebhookEndpoint,
  webhookId,
  type WebhookEndpoint,
  type WebhookEvent,
} from '#core/webhooks'
import { MemoryWebhookOutbox } from '#platform/memory'
import { WebhookCourier } from '../webhook-courier.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const start = Date.parse('2026-11-23T06:00:00Z')
const day = 86_400_000

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** An endpoint on this machine that answers as told, and what it has received. */
async function openEndpoint(
  answer: (response: ServerResponse, received: Received) => void,
  path = '/secret-path',
  prefix = '',
) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      answer(response, received.at(-1)!)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { endpoint: endpointAt(`${prefix}http://127.0.0.1:${port}${path}`), received }
}

function endpointAt(address: string): WebhookEndpoint {
  const endpoint = readWebhookEndpoint(address)
  if (typeof endpoint === 'string') throw new Error(endpoint)
  return endpoint
}

/** A courier with a clock of its own, whose outbox knows the endpoint. */
async function openCourier(endpoint: WebhookEndpoint, timeoutMs = 2000) {
  const outbox = new MemoryWebhookOutbox()
  await outbox.register([endpoint], start)
  const notes: string[] = []
  const time = { now: start }
  const make = () => {
    const options = {
      outbox,
      endpoints: [endpoint],
      timeoutMs,
      clock: () => time.now,
      secret: () => Promise.resolve(secret),
    }
    const courier = new WebhookCourier({ ...options, pollMs: 10, onNote: (text) => notes.push(text) })
    closers.push(() => courier.close(0))
    return courier
  }
  return { outbox, notes, time, make, courier: make() }
}

const event = (key = 'data.stale/btc'): WebhookEvent => ({
  key,
  kind: 'data.stale',
  at: start,
  facts: { series: 'BTC/USDT 4h' },
})
const ok = (response: ServerResponse): void => void response.writeHead(204).end()

describe('a courier', () => {
  test('delivers what the outbox holds, signed, with the id of the event', async () => {
    const { endpoint, received } = await openEndpoint(ok)
    const { courier, outbox } = await openCourier(endpoint)
    await courier.tell(event())
    await courier.deliverDue()
    expect(received).toHaveLength(1)
    const { headers, body } = received[0]!
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': webhookId(event()) })
    expect(isSignedRequest(headers as Record<string, string>, body, secret, { now: start / 1000 })).toBe(true)
    expect(JSON.parse(body)).toMatchObject({ type: 'data.stale', data: { series: 'BTC/USDT 4h' } })
    expect(await outbox.list(5)).toMatchObject([{ state: 'delivered', status: 204 }])
    await courier.tell(event())
    await courier.deliverDue()
    expect(received).toHaveLength(1)
  })

  test('tries again after pauses that double, with the same id, and says so once', async () => {
    let failures = 3
    const { endpoint, received } = await openEndpoint((response) => {
      response.writeHead(failures-- > 0 ? 503 : 200).end('busy at /secret-path')
    })
    const { courier, outbox, notes, time } = await openCourier(endpoint)
    await courier.tell(event())
    for (const waitMs of [0, 5000, 10_000, 20_000]) {
      time.now += waitMs - 1
      await courier.deliverDue()
      const before = received.length
      time.now += 1
      await courier.deliverDue()
      expect(received.length).toBe(waitMs === 0 ? 1 : before + 1)
    }
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([webhookId(event())]))
    expect(await outbox.list(5)).toMatchObject([{ state: 'delivered', attempts: 4 }])
    expect(notes).toEqual([
      `webhook json ${new URL(endpoint.url).host} was not told: HTTP 503: busy at ***; it is tried again`,
      `webhook json ${new URL(endpoint.url).host} takes events again`,
    ])
  })

  test.each([
    ['an answer that never comes', (): void => undefined, /^no answer within 0.15 s$/],
    [
      'an answer whose end never comes',
      (response: ServerResponse) => void response.writeHead(500).write('x'),
      /^no answer/,
    ],
    [
      'a redirect',
      (response: ServerResponse) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /^HTTP 302/,
    ],
    [
      'an endless answer',
      (response: ServerResponse) => void response.writeHead(400).write('x'.repeat(1_000_000)),
      /^HTTP 400: x{512}$/,
    ],
    ['a connection cut off', (response: ServerResponse) => void response.destroy(), /other side closed|socket hang up/],
  ])('takes %s as a failure, in bounded time and space', async (_, answer, reason) => {
    const { endpoint } = await openEndpoint(answer)
    // Only who never answers is waited for: the others answer on a slow machine, too.
    const { courier, outbox } = await openCourier(endpoint, reason.source.startsWith('^no answer') ? 150 : 20_000)
    await courier.tell(event())
    await courier.deliverDue()
    const [record] = await outbox.list(1)
    expect(record).toMatchObject({ state: 'pending', attempts: 1, nextAt: start + 5000 })
    expect(record!.reason).toMatch(reason)
  })

  test.each([
    ['slack+', '/services/T0ABCDEF/B0ABCDEF/slacktokenslacktoken', ['slacktokenslacktoken', 'B0ABCDEF']],
    ['telegram+', '/bot123456:AAtelegramtoken/sendMessage?chat_id=-100777', ['123456:AAtelegramtoken', '-100777']],
  ])('of %s never repeats a part of the address, however an answer is worded or cut', async (prefix, path, secrets) => {
    const words = ['whole', path, ...secrets].join(' | ')
    for (const text of [words, ...secrets.map((secret) => 'x'.repeat(505) + secret)]) {
      const { endpoint } = await openEndpoint((response) => void response.writeHead(404).end(text), path, prefix)
      const { courier, outbox, notes } = await openCourier(endpoint, 20_000)
      await courier.tell(event())
      await courier.deliverDue()
      const told = `${notes.join()} ${JSON.stringify(await outbox.list(1))}`
      expect(told).toContain('HTTP 404: ')
      for (const secret of secrets) expect(told).not.toContain(secret.slice(0, 6))
    }
  })

  test('gives up when nobody listens any more, and after three days', async () => {
    const { endpoint, received } = await openEndpoint((response) => void response.writeHead(410).end())
    const { courier, outbox } = await openCourier(endpoint)
    await courier.tell(event())
    await courier.deliverDue()
    expect(await outbox.list(1)).toMatchObject([{ state: 'given-up', reason: 'HTTP 410' }])
    const away = await openCourier(endpointAt('http://127.0.0.1:9/x'))
    await away.courier.tell(event())
    away.time.now += 3 * day - 1000
    await away.courier.deliverDue()
    expect(await away.outbox.list(1)).toMatchObject([{ state: 'given-up', attempts: 1 }])
    expect(received).toHaveLength(1)
  })

  test('that dies in the middle loses nothing: another delivers when its claim has lapsed', async () => {
    const { endpoint, received } = await openEndpoint(ok)
    const { courier, outbox, time } = await openCourier(endpoint)
    await courier.tell(event())
    // Claimed by a process that was killed before it could send or settle.
    await outbox.claim([endpoint.id], { now: start, ttlMs: 6000, limit: 1 })
    await courier.deliverDue()
    expect(received).toHaveLength(0)
    time.now += 6000
    await courier.deliverDue()
    expect(received).toHaveLength(1)
  })

  test('that is closed while an endpoint hangs ends at once, and the event waits for the next', async () => {
    let wasAsked: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (wasAsked = resolve))
    const { endpoint } = await openEndpoint(() => {
      wasAsked()
    })
    const { courier, outbox } = await openCourier(endpoint, 60_000)
    await courier.start()
    await courier.tell(event())
    await asked
    await courier.close(0)
    expect(await outbox.list(1)).toMatchObject([{ state: 'pending', nextAt: start }])
  })

  test('delivers by itself once started, and what is told right before the close', async () => {
    let wasTold: () => void = () => undefined
    const told = new Promise<void>((resolve) => (wasTold = resolve))
    const { endpoint, received } = await openEndpoint((response) => {
      ok(response)
      wasTold()
    })
    const { courier } = await openCourier(endpoint)
    await courier.start()
    await courier.tell(event())
    await told
    await courier.tell(event('data.stale/eth'))
    await courier.close()
    expect(received).toHaveLength(2)
  })

  test('two couriers share an outbox and no event is delivered twice', async () => {
    const { endpoint, received } = await openEndpoint(ok)
    const { courier, make } = await openCourier(endpoint)
    const other = make()
    for (let i = 0; i < 20; i++) await courier.tell(event(`data.stale/${i}`))
    await Promise.all([courier.deliverDue(), other.deliverDue()])
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(20)
    expect(received).toHaveLength(20)
  })

  test('never rejects when the outbox cannot be reached, and says so once', async () => {
    const { endpoint } = await openEndpoint(ok)
    const { notes } = await openCourier(endpoint)
    const broken = new Proxy(new MemoryWebhookOutbox(), {
      get: () => () => Promise.reject(new Error('the database is away')),
    })
    const onNote = (text: string) => notes.push(text)
    const courier = new WebhookCourier({
      outbox: broken,
      endpoints: [endpoint],
      secret: () => Promise.resolve(secret),
      onNote,
    })
    await courier.start()
    await courier.tell(event())
    await courier.close()
    expect(notes).toEqual(['webhooks wait: unexpected failure: the database is away'])
  })
})
