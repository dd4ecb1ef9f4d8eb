import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sha256 } from '#core/hashing'
import type { GivenVerdict, PredictionLog, VerdictQuery } from '#core/registry'

/** An empty log. */
export interface PredictionLogFixture {
  readonly log: PredictionLog
  close(): Promise<void> | void
}

const hour = 3_600_000

/** What every prediction log promises. */
export function describePredictionLog(name: string, open: () => Promise<PredictionLogFixture>): void {
  describe(`${name} keeps the promises of a prediction log`, () => {
    let fixture: PredictionLogFixture
    let log: PredictionLog
    beforeEach(async () => {
      fixture = await open()
      log = fixture.log
    })
    afterEach(() => fixture.close())

    const verdict = (changes: Partial<GivenVerdict> = {}): Omit<GivenVerdict, 'id'> => ({
      symbol: 'BTC/USDT',
      widthMs: 4 * hour,
      openTime: 0,
      close: 42_000.5,
      verdict: 'buy',
      probabilities: { sell: 0.1, hold: 1 / 3, buy: 1 - 0.1 - 1 / 3 },
      version: 3,
      sha256: sha256('model 3'),
      at: 1_700_000_000_123,
      ...changes,
    })
    const all = async (query: Partial<VerdictQuery> = {}) => log.page({ limit: 100, ...query })
    const times = async (query: Partial<VerdictQuery>) => (await all(query)).map(({ openTime }) => openTime / hour)

    test('a verdict comes back to the last bit, with an id', async () => {
      const { id, ...rest } = await log.append(verdict())
      expect(id).toBeGreaterThan(0)
      expect(rest).toEqual(verdict())
      expect(await all()).toEqual([{ id, ...rest }])
    })

    test('a verdict given again is the one given first, whenever it was computed', async () => {
      const first = await log.append(verdict())
      expect(await log.append(verdict({ at: 1_800_000_000_000 }))).toEqual(first)
      expect(await all()).toEqual([first])
    })

    test('replicas that answer alike at once log one verdict', async () => {
      const replicas = await Promise.all(Array.from({ length: 12 }, (_, i) => log.append(verdict({ at: 1000 + i }))))
      expect(await all()).toHaveLength(1)
      expect(new Set(replicas.map(({ id }) => id)).size).toBe(1)
    })

    test.each<[string, Partial<GivenVerdict>]>([
      ['another candle', { openTime: 4 * hour }],
      ['a revised close', { close: 42_000.25 }],
      ['another model', { version: 4, sha256: sha256('model 4') }],
      ['another symbol', { symbol: 'ETH/USDT' }],
      ['another width', { widthMs: hour }],
      ['another state of the same candle', { probabilities: { sell: 0.1, hold: 0.3, buy: 0.6 } }],
    ])('%s is logged beside what was given before', async (_, changes) => {
      const first = await log.append(verdict())
      const second = await log.append(verdict(changes))
      expect(second.id).toBeGreaterThan(first.id)
      expect(await all()).toEqual([second, first])
    })

    test('pages follow one another without a gap or a repetition, newest first', async () => {
      for (let i = 0; i < 7; i++) await log.append(verdict({ openTime: i * hour }))
      const seen: number[] = []
      let before: number | undefined
      for (;;) {
        const page = await log.page({ limit: 3, ...(before === undefined ? {} : { before }) })
        if (page.length === 0) break
        seen.push(...page.map(({ openTime }) => openTime / hour))
        before = page.at(-1)!.id
      }
      expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0])
    })

    test('a page is of one series, and of open times from and to, both included', async () => {
      for (let i = 0; i < 5; i++) {
        await log.append(verdict({ openTime: i * hour }))
        await log.append(verdict({ openTime: (10 + i) * hour, symbol: 'ETH/USDT' }))
        await log.append(verdict({ openTime: (20 + i) * hour, widthMs: hour }))
      }
      expect(await times({ symbol: 'ETH/USDT' })).toEqual([14, 13, 12, 11, 10])
      expect(await times({ widthMs: hour })).toEqual([24, 23, 22, 21, 20])
      expect(await times({ symbol: 'BTC/USDT', widthMs: 4 * hour, from: hour, to: 3 * hour })).toEqual([3, 2, 1])
      expect(await times({ from: 13 * hour, to: 20 * hour })).toEqual([14, 13, 20])
      expect(await times({ symbol: 'XRP/USDT' })).toEqual([])
    })
  })
}
