import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { metricTable, requestMetrics } from '../../metrics/index.ts'
import { nextCandle, openTestService, testNow, type TestService } from '../../testing/index.ts'

let service: TestService
beforeAll(async () => {
  service = await openTestService()
})
afterAll(() => service.close())

const json = async <T>(url: string): Promise<T> => (await service.app.inject(url)).json<T>()

describe('what the service shows', () => {
  test('the series it answers for', async () => {
    expect(await json('/v1/series')).toEqual({
      items: [
        {
          symbol: 'BTC/USDT',
          timeframe: '4h',
          rows: 300,
          newestOpenTime: '2026-01-31T08:00:00.000Z',
          stale: false,
          version: 1,
        },
      ],
    })
  })

  test('the newest candles, oldest first', async () => {
    const { items } = await json<{ items: { openTime: string; close: number }[] }>('/v1/candles?limit=2')
    expect(items.map(({ openTime }) => openTime)).toEqual(['2026-01-31T04:00:00.000Z', '2026-01-31T08:00:00.000Z'])
    expect(items[1]!.close).toBe(service.candles.at(-1)!.close)
  })

  test('why: ten columns of the model, their sum, words, and the close that would change it', async () => {
    const answer = await json<{ contributions: unknown[]; words: string[]; verdict: string }>('/v1/verdict/explain')
    expect(answer.contributions).toHaveLength(10)
    expect(answer.contributions[0]).toEqual({
      column: expect.any(String),
      value: expect.any(Number),
      sell: expect.any(Number),
      hold: expect.any(Number),
      buy: expect.any(Number),
    })
    expect(answer.words.length).toBeGreaterThan(0)
    expect(answer).toHaveProperty('flip')
  })

  test('the log of verdicts, page by page, each once', async () => {
    const own = await openTestService()
    try {
      let candle = own.candles.at(-1)!
      for (let i = 0; i < 4; i++) {
        own.clock.now += 14_400_000
        candle = nextCandle(candle, i % 2 ? 0.02 : -0.02)
        await own.parts.book.apply({ symbol: 'BTC/USDT', widthMs: 14_400_000 }, [candle])
      }
      await own.log.close()
      const seen: number[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const answer = await own.app.inject(`/v1/verdicts?limit=2${cursor && `&cursor=${cursor}`}`)
        const page: { items: { id: number }[]; nextCursor: string | null } = answer.json()
        seen.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor
      }
      expect(seen).toEqual([...seen].sort((a, b) => b - a))
      expect(new Set(seen).size).toBe(5)
      const from = await own.app.inject('/v1/verdicts?from=2026-01-31T20:00:00Z')
      expect(from.json<{ items: unknown[] }>().items).toHaveLength(2)
      expect((await own.app.inject('/v1/equity')).json<{ points: unknown[] }>().points.length).toBeGreaterThan(0)
    } finally {
      await own.close()
    }
  })

  test('models with their scores beside the naive baseline, and who answered when', async () => {
    expect(await json('/v1/models')).toMatchObject({
      items: [
        { version: 2, aliases: [] },
        { version: 1, aliases: ['champion'], metrics: { heldOut: { naiveRocAucOvrWeighted: expect.any(Number) } } },
      ],
      champion: 1,
      history: [{ alias: 'champion', version: 1, kind: 'move', at: '2026-01-31T12:00:00.000Z' }],
    })
    expect(await json('/v1/models/2')).toMatchObject({ version: 2, manifest: { seed: 7 } })
    expect(await json('/v1/models/3')).toMatchObject({ code: 'MODEL_VERSION_NOT_FOUND', status: 404 })
    expect(await json('/v1/models/1/report')).toMatchObject({ code: 'REPORT_NOT_FOUND', status: 404 })
  })

  test('no hosts where none train', async () => {
    expect(await json('/v1/cluster')).toEqual({ hosts: [], threads: 0, busy: 0 })
    expect(await json('/v1/runs')).toEqual({ items: [] })
    expect(await json('/v1/runs/20260131-120000-aaaaaa')).toMatchObject({ code: 'RUN_NOT_FOUND' })
  })
})

test('promotion obeys the gate unless it is overridden with a reason, and can be taken back', async () => {
  const own = await openTestService()
  try {
    const headers = { authorization: `Bearer ${await own.key('admin')}` }
    const post = (url: string, payload: object) => own.app.inject({ method: 'POST', url, headers, payload })
    const refused = await post('/v1/models/2/promote', { reason: 'it looks good' })
    expect(refused.json()).toMatchObject({ code: 'PROMOTION_REFUSED' })
    const moved = await post('/v1/models/2/promote', { reason: 'the gate is wrong today', override: true })
    expect(moved.json()).toMatchObject({ alias: 'champion', version: 2, kind: 'move' })
    const back = await post('/v1/models/rollback', { reason: 'it was right' })
    expect(back.json()).toMatchObject({ alias: 'champion', version: 1, kind: 'rollback' })
  } finally {
    await own.close()
  }
})

describe('readiness', () => {
  test('needs data that is fresh enough, and ends when the service drains', async () => {
    const own = await openTestService()
    try {
      const ready = async () => {
        const answer = await own.app.inject('/ready')
        return [answer.statusCode, answer.json<{ detail?: string }>().detail]
      }
      expect(await ready()).toEqual([200, undefined])
      own.clock.now = testNow + 10 * 14_400_000
      expect(await ready()).toEqual([503, expect.stringContaining('BTC/USDT 4h opened at 2026-01-31T08:00:00Z')])
      own.clock.now = testNow
      own.state.draining()
      expect(await ready()).toEqual([503, expect.stringContaining('shutting down')])
      expect((await own.app.inject('/health')).statusCode).toBe(200)
    } finally {
      await own.close()
    }
  })
})

describe('metrics', () => {
  test('say everything the table says, and count answers by class', async () => {
    await service.app.inject('/v1/verdict')
    const text = (await service.app.inject('/metrics')).body
    const names = [...Object.values(requestMetrics).map(({ name }) => name), ...metricTable.map(([, name]) => name)]
    for (const name of names) expect(text).toContain(`# HELP ${name} `)
    const value = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
    const classes = ['cnt_signal_down_total', 'cnt_signal_hold_total', 'cnt_signal_up_total'].map(value)
    expect(value('cnt_signal_total')).toBeGreaterThan(0)
    expect(classes.reduce((a, b) => a + b)).toBe(value('cnt_signal_total'))
    expect(text).toMatch(/^http_requests_total\{route="\/v1\/verdict",status="200"\} \d+$/m)
    expect(text).toContain('bullpen_model_version{series="BTC/USDT 4h"} 1')
    expect(text).toContain('nodejs_eventloop_lag_seconds')
  })

  test('of unknown addresses are one line, however many there are', async () => {
    for (let i = 0; i < 5; i++) await service.app.inject(`/nowhere-${i}`)
    const text = (await service.app.inject('/metrics')).body
    expect(text).toContain('http_requests_total{route="none",status="404"} ')
    expect(text).not.toContain('nowhere')
  })
})
