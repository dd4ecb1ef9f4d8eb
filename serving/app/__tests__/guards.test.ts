import { connect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { InjectOptions } from 'fastify'
import { openTestService, type TestService } from '../../testing/index.ts'

let service: TestService
beforeAll(async () => {
  service = await openTestService({ settings: { anonymousRead: false } })
})
afterAll(() => service.close())

const ask = async (url: string, key?: string, more: InjectOptions = {}) =>
  service.app.inject({ url, headers: key === undefined ? {} : { authorization: `Bearer ${key}` }, ...more })

describe('access', () => {
  test('probes and documentation need no key, everything else does where reading is not anonymous', async () => {
    for (const url of ['/health', '/healthcheck', '/startup', '/ready', '/openapi.json', '/docs/']) {
      expect([url, (await ask(url)).statusCode]).toEqual([url, 200])
    }
    for (const url of ['/v1/verdict', '/v1/models', '/metrics', '/predict', '/v1/events']) {
      const answer = await ask(url)
      expect([url, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([url, 401, 'KEY_NEEDED'])
      expect(answer.headers['www-authenticate']).toContain('Bearer')
    }
  })

  test('a scope includes those below it and none above', async () => {
    const promote: InjectOptions = { method: 'POST', payload: { reason: 'a test' } }
    const statuses = async (key: string) => [
      (await ask('/v1/verdict', key)).statusCode,
      (await ask('/v1/candles', key, { method: 'POST', payload: {} })).statusCode,
      (await ask('/v1/models/99/promote', key, promote)).statusCode,
    ]
    expect(await statuses(await service.key('read'))).toEqual([200, 403, 403])
    expect(await statuses(await service.key('write'))).toEqual([200, 400, 403])
    expect(await statuses(await service.key('admin'))).toEqual([200, 400, 404])
  })

  test('a wrong key is refused even for what needs none', async () => {
    const open = await openTestService()
    try {
      const key = await open.key('read')
      const wrong = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`
      for (const authorization of [`Bearer ${wrong}`, 'Bearer x', 'Basic YTpi', `Bearer ${key} ${key}`]) {
        const answer = await open.app.inject({ url: '/v1/verdict', headers: { authorization } })
        expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([401, 'KEY_REFUSED'])
      }
    } finally {
      await open.close()
    }
  })

  test('who guesses keys is stopped, who has one is not', async () => {
    const own = await openTestService({ settings: { anonymousRead: false } })
    try {
      const key = await own.key('read')
      const guess = (n: number) => {
        const authorization = `Bearer bpk_${String(n).padStart(12, '0')}_${'A'.repeat(43)}`
        return own.app.inject({ url: '/v1/verdict', headers: { authorization } })
      }
      const right = () => own.app.inject({ url: '/v1/verdict', headers: { authorization: `Bearer ${key}` } })
      expect((await right()).statusCode).toBe(200)
      const codes = []
      for (let n = 0; n < 63; n++) codes.push((await guess(n)).json<{ code: string }>().code)
      expect(new Set(codes.slice(0, 60))).toEqual(new Set(['KEY_REFUSED']))
      expect(codes.at(-1)).toBe('RATE_LIMITED')
      expect((await right()).statusCode).toBe(200)
    } finally {
      await own.close()
    }
  })
})

test('each key has a rate of its own, and the answer says when to come back', async () => {
  const own = await openTestService({ settings: { ratePerMinute: 3 } })
  try {
    const [mine, yours] = [await own.key('read'), await own.key('read')]
    const get = (key: string) => own.app.inject({ url: '/v1/verdict', headers: { authorization: `Bearer ${key}` } })
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await get(mine)).statusCode)
    expect(statuses).toEqual([200, 200, 200, 429])
    const refused = await get(mine)
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await get(yours)).statusCode).toBe(200)
    expect((await own.app.inject('/health')).statusCode).toBe(200)
  } finally {
    await own.close()
  }
})

test('a service that cannot keep up refuses at once, keeps its probes, and answers again when it can', async () => {
  const own = await openTestService({ settings: { shedAboveMs: 100 } })
  /** Asks, turn by turn of the event loop, until the answer is another than `status`. */
  const until = async (isOther: (status: number) => boolean) => {
    for (;;) {
      const answer = await own.app.inject('/v1/verdict')
      if (isOther(answer.statusCode)) return answer
      await nextTurn()
    }
  }
  const busy = setInterval(() => {
    for (const end = performance.now() + 300; performance.now() < end;);
  }, 1)
  try {
    const refused = await until((status) => status !== 200)
    expect(refused.json()).toMatchObject({ code: 'OVERLOADED', status: 503 })
    expect(refused.headers['retry-after']).toBe('1')
    expect((await own.app.inject('/health')).statusCode).toBe(200)
    clearInterval(busy)
    await until((status) => status === 200)
  } finally {
    clearInterval(busy)
    await own.close()
  }
}, 30_000)

describe('what browsers are told', () => {
  test('answers are no pages: nothing may be loaded, framed or sniffed', async () => {
    const { headers } = await ask('/health')
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  test('the documentation loads nothing from elsewhere', async () => {
    const policy = String((await ask('/docs/')).headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|unsafe|\*/)
  })

  test('another origin may ask only when it is named', async () => {
    const own = await openTestService({ settings: { corsOrigins: ['https://desk.example.com'] } })
    try {
      const from = async (origin: string) =>
        (await own.app.inject({ url: '/v1/verdict', headers: { origin } })).headers['access-control-allow-origin']
      expect(await from('https://desk.example.com')).toBe('https://desk.example.com')
      expect(await from('https://evil.example.com')).toBeUndefined()
    } finally {
      await own.close()
    }
  })
})

test('an unforeseen failure says nothing of its insides', async () => {
  const own = await openTestService({
    parts: { equity: { curve: () => Promise.reject(new Error('secret at /home/me/x.ts:3')) } },
  })
  try {
    const answer = await own.app.inject('/v1/equity')
    expect(answer.json()).toMatchObject({ status: 500, code: 'INTERNAL' })
    expect(answer.body).not.toMatch(/secret|home|\.ts|at /)
  } finally {
    await own.close()
  }
})

describe('over a connection', () => {
  const own: { service?: TestService } = {}
  afterEach(() => own.service?.close())

  /** Sends text and answers what came back until the other side closed. */
  const talk = (port: number, text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      let answer = ''
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
      socket.on('close', () => {
        resolve(answer)
      })
      socket.on('error', reject)
    })

  test('slow bodies, broken HTTP and huge headers end in problem documents', async () => {
    own.service = await openTestService({ settings: { requestMs: 300 } })
    const port = Number(new URL(await own.service.listen()).port)
    const slow = 'POST /v1/verdict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{'
    const huge = `GET /health HTTP/1.1\r\nhost: x\r\nx-much: ${'a'.repeat(20_000)}\r\n\r\n`
    const answers = await Promise.all([talk(port, slow), talk(port, 'HELLO\r\n\r\n'), talk(port, huge)])
    const statuses = answers.map((answer) => answer.split(' ')[1])
    expect(statuses).toEqual(['408', '400', '431'])
    for (const answer of answers) expect(answer).toContain('application/problem+json')
  })
})
