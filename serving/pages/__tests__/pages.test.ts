import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import fastify, { type FastifyInstance } from 'fastify'
import { pages } from '../pages.ts'

const folder = mkdtempSync(join(tmpdir(), 'bullpen-pages-'))
let app: FastifyInstance

afterEach(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function serve(files: Readonly<Record<string, string>>): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  app = fastify()
  app.setErrorHandler((error, _, reply) => reply.code(503).send({ code: (error as Error & { code: string }).code }))
  app.setNotFoundHandler((_, reply) => reply.code(404).send('of the service'))
  await app.register(pages, { folder })
}

const built = {
  'index.html': '<!doctype html>',
  'report.html': '<!doctype html>',
  'assets/index-Bd35tPb4.js': 'export {}',
  'assets/plain.js': 'export {}',
}

test('a name with a hash in it is cached for ever, everything else is asked for anew', async () => {
  await serve(built)
  const cached = async (url: string) => (await app.inject(url)).headers['cache-control']
  expect(await cached('/assets/index-Bd35tPb4.js')).toBe('public, max-age=31536000, immutable')
  expect(await cached('/assets/plain.js')).toBe('no-cache')
  expect(await cached('/')).toBe('no-cache')
})

test('the page allows nothing inline, nothing of anybody else and no frame around it', async () => {
  await serve(built)
  const { headers } = await app.inject('/')
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  expect(headers['x-frame-options']).toBe('DENY')
})

test('only the viewer of reports may have inline style, and runs in frames of the page alone', async () => {
  await serve(built)
  const { headers } = await app.inject('/report.html')
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("style-src 'self' 'unsafe-inline'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'self'")
  expect(headers['x-frame-options']).toBe('SAMEORIGIN')
})

test('a path that is no built file is the 404 of the service', async () => {
  await serve(built)
  for (const url of ['/none', '/assets/none.js', '/../package.json', '/assets/..%2f..%2fpackage.json']) {
    const answer = await app.inject(url)
    expect([url, answer.statusCode, answer.body]).toEqual([url, 404, 'of the service'])
  }
})

test('without a built page the address says how to build it', async () => {
  await serve({})
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json()]).toEqual([503, { code: 'PAGE_NOT_BUILT' }])
})
