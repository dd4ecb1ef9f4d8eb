import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDatabase, PostgresRunStore } from '#platform/postgres'
import { startService, type StartedService } from '../serving/testing/index.ts'
import { bullpen } from './testing/command.ts'

// docs/serving.md against a service as operators run it: embedded PostgreSQL, a trained model, a key.

const run = promisify(execFile)
const page = readFileSync('docs/serving.md', 'utf8')
const lines = [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block!.trim().split('\n'))
const runId = '20260131-120001-aaaaaa'

let service: StartedService
let key: string
beforeAll(async () => {
  service = await startService({ models: 2 })
  key = await service.key('admin')
  const folder = join(service.home, 'runs', runId)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.html'), '<!doctype html><title>report</title>')
  const database = await openDatabase({ home: service.home, onNote: () => undefined })
  await new PostgresRunStore(database).create(runId, { seed: 1 })
  await database.close()
}, 120_000)
afterAll(() => service.stop())

test('every curl line of the page does what it says', async () => {
  for (const line of lines) {
    const env = { PATH: process.env['PATH'], URL: service.url, KEY: key, RUN: runId }
    const { stdout } = await run('bash', ['-c', line], { env }).catch((error: unknown) => {
      throw new Error(`${line}\n${String((error as { stderr?: string }).stderr)}`)
    })
    expect([line, stdout.length > 0]).toEqual([line, true])
  }
}, 60_000)

test('the page has a line for each endpoint', () => {
  const { paths = {} } = service.app.swagger() as { paths?: object }
  const missing = Object.keys(paths).filter((path) => {
    const pattern = new RegExp(`\\$URL${path.replace(/\{\w+\}/g, '(\\$RUN|\\d+)')}["?]`)
    return !lines.some((line) => pattern.test(line))
  })
  expect(missing).toEqual([])
})

test('bullpen verdict asks the service, and says why', async () => {
  const asked = await bullpen(['verdict', '--url', service.url, '--explain', '--json'], service.home)
  expect(JSON.parse(asked.stdout)).toMatchObject({ symbol: 'BTC/USDT', contributions: expect.any(Array) })
  const lost = await bullpen(['verdict', '--url', 'http://127.0.0.1:1'], service.home)
  expect([lost.status, lost.stderr]).toEqual([1, expect.stringContaining('SERVICE_UNREACHABLE')])
})

test('bullpen keys makes a key that works, lists it without its secret and ends it', async () => {
  const command = (...args: string[]) => bullpen(['keys', ...args, '--json'], service.home)
  const made = JSON.parse((await command('create', '--name', 'a test', '--scope', 'write')).stdout) as {
    id: string
    key: string
  }
  const send = async () =>
    (await fetch(`${service.url}/v1/series`, { headers: { authorization: `Bearer ${made.key}` } })).status
  expect(await send()).toBe(200)
  const listed = (await command('list')).stdout
  expect(listed).toContain(made.id)
  expect(listed).not.toContain(made.key.split('_')[2])
  expect(JSON.parse((await command('revoke', made.id)).stdout)).toMatchObject({ revokedAt: expect.any(String) })
})
