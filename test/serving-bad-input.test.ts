import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { HTTPMethods } from 'fastify'
import { sha256Json } from '#core/hashing'
import { openTestService, testSeries, type TestService } from '../serving/testing/index.ts'

// Whatever is sent to whatever is answered: a problem document of the 4xx kind, and nothing changes. The endpoints are
// those of the OpenAPI document, so that a new one is tried without anybody remembering.

interface Operation {
  readonly operationId: string
  readonly requestBody?: unknown
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
}
interface Endpoint extends Operation {
  readonly method: HTTPMethods
  readonly path: string
}

let service: TestService
let headers: { readonly authorization: string }
let endpoints: readonly Endpoint[]

beforeAll(async () => {
  service = await openTestService()
  headers = { authorization: `Bearer ${await service.key('admin')}` }
  await service.app.ready()
  const { paths } = service.app.swagger() as unknown as { paths: Record<string, Record<string, Operation>> }
  endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
    })),
  )
})
afterAll(() => service.close())

/** Everything a request could change. */
async function stateDigest(): Promise<string> {
  const { book, log, registry } = service.parts
  await service.log.close()
  return sha256Json({
    candles: await service.store.read(testSeries.symbol, testSeries.widthMs),
    revision: book.view(testSeries).revision,
    features: [...book.view(testSeries).features!],
    log: await log.page({ limit: 1000 }),
    aliases: await registry.aliases(),
    history: await registry.history('champion'),
    versions: (await registry.list()).length,
  })
}

/** A path whose parameters are filled with something. */
const filled = (path: string, text: string): string => path.replace(/\{\w+\}/g, encodeURIComponent(text) || '%20')

async function send(endpoint: Endpoint, request: { body?: string; type?: string; query?: string; path?: string }) {
  const { body, type = 'application/json', query = '', path = '1' } = request
  return service.app.inject({
    method: endpoint.method,
    url: `${filled(endpoint.path, path)}${query}`,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { payload: body }),
  })
}

function expectRefusal(answer: { statusCode: number; headers: object; body: string }, what: string): void {
  const { 'content-type': type } = answer.headers as Record<string, unknown>
  expect([what, answer.statusCode >= 400 && answer.statusCode < 500, answer.statusCode]).toEqual([
    what,
    true,
    answer.statusCode,
  ])
  expect(String(type)).toContain('application/problem+json')
  const problem = JSON.parse(answer.body) as Record<string, unknown>
  expect(problem).toMatchObject({ code: expect.any(String), advice: expect.any(String), status: answer.statusCode })
  expect(answer.body).not.toMatch(/node_modules|\.[jt]s:\d|\bat \w+ \(/)
}

const numbers = fc.oneof(
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '1e999', '0x10', '١', '1,5', '', ' ', '-0', '1e-400', 'null'),
  fc.constantFrom(-1, 0, 1e308, Number.MAX_SAFE_INTEGER, -1e308, 1.5),
)
const row = fc.oneof(
  fc.record({ openTime: fc.anything(), open: numbers, high: numbers, low: numbers, close: numbers, volume: numbers }),
  fc.array(numbers, { maxLength: 8 }),
  fc.anything(),
)
/** Like a good request, and wrong. */
const nearly = fc.oneof(
  fc.record({
    symbol: fc.constant('BTC/USDT'),
    timeframe: fc.constant('4h'),
    candles: fc.array(row, { maxLength: 5 }),
  }),
  fc.record({ symbol: fc.string(), timeframe: fc.string(), candles: fc.array(row, { maxLength: 3 }) }),
  fc.record({ requests: fc.array(fc.record({ symbol: fc.anything(), timeframe: fc.anything() }), { maxLength: 3 }) }),
  fc.record({ reason: fc.oneof(fc.constantFrom('', ' ', 7, null, 'a\u0000b'), fc.object()), override: fc.anything() }),
  fc.record({ reason: fc.constant('x'), from: numbers, more: fc.anything() }),
)

describe('every endpoint with a body', () => {
  const withBody = () => endpoints.filter(({ requestBody }) => requestBody !== undefined)

  test('refuses JSON that is not what it asks for, and changes nothing', async () => {
    const before = await stateDigest()
    expect(withBody().map(({ operationId }) => operationId)).toEqual(
      expect.arrayContaining(['askVerdict', 'askVerdicts', 'sendCandles', 'promoteModel', 'rollbackModel']),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly, fc.jsonValue(), fc.jsonValue({ maxDepth: 8 })), async (value) => {
        for (const endpoint of withBody()) {
          const answer = await send(endpoint, { body: JSON.stringify(value) ?? 'undefined' })
          // A batch of well-formed names is answered, each with its own problem.
          if (endpoint.operationId === 'askVerdicts' && answer.statusCode === 200) continue
          expectRefusal(answer, endpoint.operationId)
        }
      }),
      { numRuns: 60, seed: 20260131 },
    )
    expect(await stateDigest()).toBe(before)
  }, 60_000)

  test.each([
    ['text that is not JSON', '{"candles": [1, 2', undefined],
    ['nothing', '', undefined],
    ['a prototype', '{"__proto__": {"reason": "x"}, "reason": "x"}', undefined],
    ['a constructor', '{"constructor": {"prototype": {"a": 1}}, "reason": "x"}', undefined],
    ['a thousand levels', `${'['.repeat(1000)}${']'.repeat(1000)}`, undefined],
    ['a form', 'reason=x', 'application/x-www-form-urlencoded'],
    ['another type', 'reason', 'text/plain'],
    ['XML', '<reason/>', 'application/xml'],
    ['a broken type', '{}', ';;;'],
    ['bytes', '\u0000\u0001\u0002', 'application/octet-stream'],
    ['a giant', JSON.stringify({ reason: 'x'.repeat(3_000_000) }), undefined],
  ])('refuses %s', async (_, body, type) => {
    const before = await stateDigest()
    for (const endpoint of withBody()) {
      expectRefusal(await send(endpoint, type === undefined ? { body } : { body, type }), endpoint.operationId)
    }
    expect(await stateDigest()).toBe(before)
  })
})

describe('every endpoint with parameters', () => {
  test('never fails, whatever they are', async () => {
    const before = await stateDigest()
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      numbers.map(String),
      fc.constantFrom(
        '../../etc/passwd',
        "1' OR '1'='1",
        '%00',
        '-1',
        '2147483648',
        '9'.repeat(400),
        '..%2f',
        '\u202e',
      ),
    )
    await fc.assert(
      fc.asyncProperty(text, text, async (name, value) => {
        for (const endpoint of endpoints) {
          if (endpoint.operationId === 'followEvents' || endpoint.requestBody !== undefined) continue
          const known = endpoint.parameters?.map((parameter) => parameter.name) ?? []
          const query = [name, ...known].map((each) => `${safe(each)}=${safe(value)}`).join('&')
          const answer = await send(endpoint, { query: `?${query}`, path: value.slice(0, 150) })
          expect([endpoint.operationId, answer.statusCode < 500]).toEqual([endpoint.operationId, true])
          if (answer.statusCode >= 400) expectRefusal(answer, endpoint.operationId)
        }
      }),
      { numRuns: 60, seed: 7 },
    )
    expect(await stateDigest()).toBe(before)
  }, 60_000)

  test('refuses a path that cannot be read, one that leads elsewhere, and a method it does not know', async () => {
    for (const url of [
      '/%',
      '/v1/models/%ff',
      '/v1/../../etc/passwd',
      '//v1/verdict',
      '/v1/verdict/',
      '/V1/verdict',
      '/%2e%2e/',
    ]) {
      expectRefusal(await service.app.inject({ url, headers }), url)
    }
    for (const method of ['PUT', 'DELETE', 'PATCH'] as const) {
      expectRefusal(await service.app.inject({ method, url: '/v1/verdict', headers }), method)
    }
    expect((await service.app.inject({ method: 'DELETE', url: '/v1/verdict', headers })).statusCode).toBe(405)
  })

  test('takes headers for what they are', async () => {
    const games: Record<string, string>[] = [
      { 'x-request-id': 'a'.repeat(5000) },
      { 'x-request-id': '${jndi:ldap://x}' },
      { 'if-none-match': `${'"x", '.repeat(500)}"y"` },
      { 'last-event-id': '\t-1' },
      { 'x-http-method-override': 'DELETE' },
      { 'x-forwarded-for': '1.2.3.4', forwarded: 'for=evil' },
      { origin: 'null', referer: 'x' },
      { accept: 'text/html', 'accept-encoding': 'x;q=9' },
    ]
    for (const game of games) {
      const answer = await service.app.inject({ url: '/v1/verdict', headers: { ...headers, ...game } })
      expect(answer.statusCode).toBe(200)
      expect(answer.json<{ requestId: string }>().requestId).toMatch(/^[A-Za-z0-9._~-]{8,64}$/)
    }
  })
})

test('one bad candle among good ones leaves the series as it was', async () => {
  const before = await stateDigest()
  const newest = service.candles.at(-1)!
  const good = { ...newest, openTime: newest.openTime + testSeries.widthMs }
  service.clock.now += 5 * testSeries.widthMs
  for (const bad of [
    { ...good, openTime: good.openTime + 1 },
    { ...good, openTime: good.openTime + testSeries.widthMs, high: 0.5 },
    { ...good, openTime: good.openTime + testSeries.widthMs, volume: -1 },
    { ...good, openTime: good.openTime + testSeries.widthMs, close: 'NaN' },
    { ...good, close: good.close * 1.0001 },
    { ...good, openTime: good.openTime + 50 * testSeries.widthMs },
  ]) {
    const candles = [good, bad]
    const answer = await service.app.inject({
      method: 'POST',
      url: '/v1/candles',
      headers,
      payload: { symbol: 'BTC/USDT', timeframe: '4h', candles },
    })
    expectRefusal(answer, JSON.stringify(bad))
    expect(await stateDigest()).toBe(before)
  }
})

/** Percent-encoded, half a surrogate pair included. */
function safe(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '\ufffd'))
}
