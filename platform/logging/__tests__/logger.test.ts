import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BullpenError } from '#core/errors'
import { openLogger, redactText, type LoggerOptions } from '#platform/logging'

function capture(options: Partial<LoggerOptions> = {}) {
  const text: string[] = []
  const stream = { write: (line: string) => text.push(line) }
  const logger = openLogger({ level: 'info', format: 'json', stream, ...options })
  return { logger, text, lines: () => text.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

test('a line is one JSON object with time, level, message and the fields of every parent', () => {
  const { logger, lines, text } = capture({ fields: { host: 'h1' } })
  logger.child({ run: 'r1' }).child({ task: 'r1/t' }).info('task ended', { ms: 12 })
  expect(lines()[0]).toMatchObject({
    level: 'info',
    message: 'task ended',
    host: 'h1',
    run: 'r1',
    task: 'r1/t',
    ms: 12,
  })
  expect(Number.isNaN(Date.parse(String(lines()[0]!['time'])))).toBe(false)
  expect(text[0]).toMatch(/\n$/)
})

test('lines below the level are not written, and silent writes none', () => {
  const { logger, lines } = capture({ level: 'warn' })
  logger.debug('no')
  logger.info('no')
  logger.warn('yes')
  logger.error('yes')
  expect(lines().map(({ level }) => level)).toEqual(['warn', 'error'])
  const silent = capture({ level: 'silent' })
  silent.logger.error('no')
  expect(silent.text).toEqual([])
})

test('errors keep code and details; foreign ones their stack', () => {
  const { logger, lines } = capture()
  logger.error('no luck', { error: new BullpenError('OBJECT_NOT_FOUND', { sha256: 'ab', store: 's' }) })
  logger.error('no luck', { error: new TypeError('boom') })
  expect(lines()[0]!['error']).toMatchObject({ code: 'OBJECT_NOT_FOUND', details: { sha256: 'ab', store: 's' } })
  expect(lines()[1]!['error']).toMatchObject({
    type: 'TypeError',
    message: 'boom',
    stack: expect.stringMatching('boom'),
  })
})

test('a pretty line is time, level, message and name=value', () => {
  const { logger, text } = capture({ format: 'pretty' })
  logger.warn('slow disk', { path: '/x', why: 'two words' })
  expect(text[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} warn {2}slow disk path=\/x why="two words"\n$/)
})

test('a cycle ends', () => {
  const { logger, lines } = capture()
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  logger.info('around', { cycle })
  expect(lines()).toHaveLength(1)
})

test('a password in a URL is never written, wherever it stands', () => {
  const password = fc.stringMatching(/^[A-Za-z0-9!$%^*()_+;,.~-]{4,20}$/).map((text) => `pw-${text}`)
  const scheme = fc.constantFrom('redis', 'rediss', 'postgres', 'https')
  fc.assert(
    fc.property(password, scheme, fc.constantFrom('', 'user'), (secret, kind, user) => {
      const url = `${kind}://${user}:${secret}@host:6379/0`
      const { logger, text } = capture({ fields: { base: url } })
      logger.child({ url }).warn(`cannot reach ${url}: closed`, {
        error: new Error(`connect to ${url}`, { cause: new Error(url) }),
        list: [{ url }],
        password: secret,
        nested: { redisPassword: secret, authorization: `Bearer ${secret}`, leaseToken: secret },
      })
      expect(text.join('')).not.toContain(secret)
      expect(text.join('')).toContain('host:6379/0')
    }),
  )
})

test('secrets written as name=value and bearer tokens are taken out of texts', () => {
  expect(redactText('GET /x?token=abc&y=1')).toBe('GET /x?token=[redacted]&y=1')
  expect(redactText('host=h password=abc user=u')).toBe('host=h password=[redacted] user=u')
  expect(redactText('Authorization: Bearer abc.def')).toBe('Authorization: Bearer [redacted]')
})
