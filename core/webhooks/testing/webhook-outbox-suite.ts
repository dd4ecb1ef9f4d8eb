import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { WebhookEvent } from '../webhook-event.ts'
import type { WebhookOutbox } from '../webhook-outbox.ts'

/** An empty outbox. */
export interface WebhookOutboxFixture {
  readonly outbox: WebhookOutbox
  close(): Promise<void> | void
}

const start = Date.parse('2026-11-23T06:00:00Z')
const day = 86_400_000
const endpoints = ['a', 'b'].map((id) => ({ id, describe: `json ${id}.example.com` }))

/** What every outbox promises. */
export function describeWebhookOutbox(name: string, open: () => Promise<WebhookOutboxFixture>): void {
  describe(`${name} keeps the promises of an outbox`, () => {
    let fixture: WebhookOutboxFixture
    let outbox: WebhookOutbox
    beforeEach(async () => {
      fixture = await open()
      outbox = fixture.outbox
      await outbox.register(endpoints, start)
    })
    afterEach(() => fixture.close())

    const event = (key = 'data.stale/btc', at = start): WebhookEvent => {
      return { key, kind: 'data.stale', at, facts: { series: 'BTC/USDT 4h', ageMinutes: 500, gone: null } }
    }
    const claim = (now = start, ids = ['a', 'b'], limit = 10) => outbox.claim(ids, { now, ttlMs: 1000, limit })

    test('an event is told to every endpoint known, as it was added, and once whoever adds it', async () => {
      const added = await Promise.all([1, 2, 3].map(() => outbox.add(event())))
      expect(added.filter(Boolean)).toHaveLength(1)
      const claimed = await claim()
      expect(claimed.map(({ endpoint }) => endpoint).sort()).toEqual(['a', 'b'])
      expect(claimed[0]).toMatchObject({ event: event(), attempts: 0 })
      expect(Object.keys(claimed[0]!.event.facts)).toEqual(['series', 'ageMinutes', 'gone'])
    })

    test('an endpoint is told only of what comes after it, and by who knows its address', async () => {
      await outbox.add(event('before'))
      await outbox.register([{ id: 'c', describe: 'json c' }], start)
      await outbox.add(event('after'))
      expect((await claim(start, ['c'])).map(({ event: { key } }) => key)).toEqual(['after'])
      expect(await claim(start, ['elsewhere'])).toEqual([])
    })

    test('of couriers that ask at once each delivery goes to one', async () => {
      for (let i = 0; i < 6; i++) await outbox.add(event(`e${i}`))
      const claims = (await Promise.all([1, 2, 3, 4].map(() => claim(start, ['a'], 3)))).flat()
      expect(new Set(claims.map(({ event: { key } }) => key)).size).toBe(claims.length)
      expect(claims).toHaveLength(6)
    })

    test('the oldest event comes first, and no more than asked for', async () => {
      for (let i = 0; i < 4; i++) await outbox.add(event(`e${i}`))
      expect((await claim(start, ['a'], 2)).map(({ event: { key } }) => key)).toEqual(['e0', 'e1'])
    })

    test('what was delivered is not told again', async () => {
      await outbox.add(event())
      for (const delivery of await claim())
        expect(await outbox.settle(delivery, { state: 'delivered', status: 204 })).toBe(true)
      expect(await claim(start + day)).toEqual([])
      expect(await outbox.list(1)).toMatchObject([{ state: 'delivered', status: 204, attempts: 1, nextAt: null }])
      expect(await outbox.figures()).toEqual({ pending: 0, givenUp: 0, oldestPendingAt: null })
    })

    test('a courier that died loses its claim, and its word counts no more', async () => {
      await outbox.add(event())
      const [dead] = await claim(start, ['a'])
      expect(await claim(start + 999, ['a'])).toEqual([])
      const [heir] = await claim(start + 1000, ['a'])
      expect(heir).toMatchObject({ attempts: 1 })
      expect(await outbox.settle(dead!, { state: 'given-up', reason: 'x' })).toBe(false)
      expect(await outbox.settle(heir!, { state: 'delivered', status: 200 })).toBe(true)
      expect(await outbox.settle(heir!, { state: 'delivered', status: 200 })).toBe(false)
    })

    test('what failed is due again when said, and says why', async () => {
      await outbox.add(event())
      const [first] = await claim(start, ['a'])
      await outbox.settle(first!, { state: 'retry', at: start + 5000, reason: 'HTTP 500' })
      expect(await claim(start + 4999, ['a'])).toEqual([])
      const waiting = (await outbox.list(5)).find(({ attempts }) => attempts === 1)
      expect(waiting).toMatchObject({ state: 'pending', reason: 'HTTP 500', nextAt: start + 5000 })
      expect(await claim(start + 5000, ['a'])).toHaveLength(1)
    })

    test('what is given up stays visible, what nobody could tell for three days is given up', async () => {
      await outbox.add(event())
      const [a] = await claim(start, ['a'])
      await outbox.settle(a!, { state: 'given-up', reason: 'HTTP 410' })
      expect(await outbox.figures()).toEqual({ pending: 1, givenUp: 1, oldestPendingAt: start })
      expect(await claim(start + 3 * day + 1)).toEqual([])
      expect(await outbox.figures()).toMatchObject({ pending: 0, givenUp: 2 })
    })

    test('events are kept for thirty days', async () => {
      await outbox.add(event())
      await outbox.register(endpoints, start + 30 * day)
      expect(await outbox.list(5)).toHaveLength(2)
      await outbox.register(endpoints, start + 30 * day + 1)
      expect(await outbox.list(5)).toEqual([])
    })

    test('an endpoint that no program has had for thirty days is told nothing', async () => {
      await outbox.register([endpoints[0]!], start + 20 * day)
      await outbox.add(event('late', start + 31 * day))
      expect((await outbox.list(5)).map(({ endpoint }) => endpoint)).toEqual(['json a.example.com'])
    })
  })
}
