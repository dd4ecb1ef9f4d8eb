import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { nextCandle, openTestService, testNow, type TestService } from '../../testing/index.ts'

interface VerdictBody {
  readonly verdict: string
  readonly probabilities: Readonly<Record<'sell' | 'hold' | 'buy', number>>
  readonly stale: boolean
  readonly dataAgeMs: number
  readonly requestId: string
  readonly candle: { readonly openTime: string; readonly closeTime: string; readonly close: number }
  readonly model: { readonly version: number; readonly sha256: string }
}

let service: TestService
beforeAll(async () => {
  service = await openTestService()
})
afterAll(() => service.close())

const get = (url: string, headers: Record<string, string> = {}) => service.app.inject({ url, headers })

describe('GET /v1/verdict', () => {
  test('answers for the newest closed candle with everything a bot needs to trust it', async () => {
    const answer = await get('/v1/verdict?symbol=BTC/USDT&timeframe=4h')
    expect(answer.statusCode).toBe(200)
    const body = answer.json<VerdictBody>()
    expect(['buy', 'hold', 'sell']).toContain(body.verdict)
    const { sell, hold, buy } = body.probabilities
    expect(sell + hold + buy).toBeCloseTo(1, 6)
    expect(body).toMatchObject({
      symbol: 'BTC/USDT',
      timeframe: '4h',
      candle: { openTime: '2026-01-31T08:00:00.000Z', closeTime: '2026-01-31T12:00:00.000Z' },
      dataAgeMs: 0,
      stale: false,
      requestId: answer.headers['x-request-id'],
    })
    expect(body.model).toEqual({ version: 1, sha256: service.versions[0]!.manifest.model.sha256 })
  })

  test('needs no parameters where one series is served', async () => {
    const named = (await get('/v1/verdict?symbol=BTC/USDT&timeframe=4h')).json<VerdictBody>()
    expect((await get('/v1/verdict')).json()).toMatchObject({ ...named, requestId: expect.anything() })
  })

  test('may be kept until the next candle closes, and is not sent again to who has it', async () => {
    service.clock.now = testNow + 60_000
    const first = await get('/v1/verdict')
    expect(first.headers['cache-control']).toBe('private, max-age=14340')
    const again = await get('/v1/verdict', { 'if-none-match': String(first.headers['etag']) })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    expect((await get('/v1/verdict', { 'if-none-match': 'W/"other"' })).statusCode).toBe(200)
  })

  test('says that it is stale once two candles are missing, under another tag', async () => {
    const fresh = await get('/v1/verdict')
    service.clock.now = testNow + 2 * 14_400_000 + 1
    const stale = await get('/v1/verdict')
    service.clock.now = testNow
    expect(stale.json<VerdictBody>()).toMatchObject({ stale: true, dataAgeMs: 28_800_001 })
    expect(stale.headers['etag']).not.toBe(fresh.headers['etag'])
    expect(stale.headers['cache-control']).toBe('private, max-age=0')
  })

  test('takes the name of the request from the caller when it is sane', async () => {
    const named = await get('/v1/verdict', { 'x-request-id': 'order-2026-000017' })
    expect(named.json<VerdictBody>().requestId).toBe('order-2026-000017')
    const insane = await get('/v1/verdict', { 'x-request-id': '"}<script>' })
    expect(insane.json<VerdictBody>().requestId).toMatch(/^[0-9a-f]{12}-[0-9a-z]+$/)
  })

  test('of a series that is not served is a problem document', async () => {
    const answer = await get('/v1/verdict?symbol=ETH/USDT&timeframe=4h')
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({
      type: 'urn:bullpen:SERIES_NOT_SERVED',
      status: 404,
      code: 'SERIES_NOT_SERVED',
      instance: '/v1/verdict',
      advice: expect.any(String),
    })
  })
})

describe('POST /v1/verdict', () => {
  const ask = (candles: unknown, more: object = {}) =>
    service.app.inject({ method: 'POST', url: '/v1/verdict', payload: { candles, ...more } })

  test('gives the very verdict that is served when the candles are those it was computed from', async () => {
    const served = (await get('/v1/verdict')).json<VerdictBody>()
    const answer = await ask(service.candles)
    expect(answer.json<VerdictBody>().probabilities).toEqual(served.probabilities)
  })

  test('reads the rows of exchanges too', async () => {
    const rows = service.candles.map(({ openTime, open, high, low, close, volume }) => [
      openTime,
      ...[open, high, low, close, volume],
    ])
    const served = (await get('/v1/verdict')).json<VerdictBody>()
    expect((await ask(rows)).json<VerdictBody>().probabilities).toEqual(served.probabilities)
  })

  test('says how many candles are needed when there are too few', async () => {
    const answer = await ask(service.candles.slice(-100))
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'TOO_FEW_ROWS', detail: expect.stringMatching(/100 .* 300 /) })
  })

  test('names the row that is wrong', async () => {
    const [first, second, ...more] = service.candles
    const answer = await ask([first, { ...second, high: 1 }, ...more])
    expect(answer.json()).toMatchObject({ code: 'CANDLE_HIGH', detail: expect.stringContaining('row 2') })
  })
})

test('a batch answers what it can, in the order asked for', async () => {
  const requests = [
    { symbol: 'ETH/USDT', timeframe: '1h' },
    { symbol: 'BTC/USDT', timeframe: '4h' },
  ]
  const answer = await service.app.inject({ method: 'POST', url: '/v1/verdicts/batch', payload: { requests } })
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({
    items: [{ code: 'SERIES_NOT_SERVED' }, { symbol: 'BTC/USDT', verdict: expect.any(String) }],
  })
})

test('the address of the old service answers with the word alone', async () => {
  const { verdict } = (await get('/v1/verdict')).json<VerdictBody>()
  expect((await get('/predict')).json()).toEqual({ verdict })
})

test('a new candle changes the answer and its tag', async () => {
  const own = await openTestService()
  try {
    const before = await own.app.inject('/v1/verdict')
    own.clock.now += 14_400_000
    const key = await own.key('write')
    const candles = [nextCandle(own.candles.at(-1)!)]
    const sent = await own.app.inject({
      method: 'POST',
      url: '/v1/candles',
      headers: { authorization: `Bearer ${key}` },
      payload: { symbol: 'BTC/USDT', timeframe: '4h', candles },
    })
    expect(sent.json()).toEqual({
      appended: 1,
      repeated: 0,
      revised: 0,
      newestOpenTime: '2026-01-31T12:00:00.000Z',
    })
    const after = await own.app.inject('/v1/verdict')
    expect(after.json<VerdictBody>().candle.openTime).toBe('2026-01-31T12:00:00.000Z')
    expect(after.headers['etag']).not.toBe(before.headers['etag'])
  } finally {
    await own.close()
  }
})
