import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { isSignedRequest } from '#core/webhooks'
import { openDatabase, PostgresScheduleStore } from '#platform/postgres'
import { bullpen, documentOf, makeHome, startBullpen } from './testing/command.ts'

const { home, remove } = makeHome()
const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const cron = '0 6 * * 1'
const week = 7 * 86_400_000
const weekly = ['--candles', 'sample:btcusdt-4h', '--space', 'quick', '--trials', '1', '--engine', 'wasm']

interface Told {
  readonly type: string
  readonly data: Record<string, unknown>
}

const told: Told[] = []
let server: Server
let onTold: () => void = () => undefined

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      const isSigned = isSignedRequest(headers, body, secret, { now: Date.now() / 1000 })
      if (isSigned) told.push(JSON.parse(body) as Told)
      response.writeHead(isSigned ? 204 : 401).end()
      onTold()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  remove()
})

/** Resolves when an event of that type has been told. */
function heard(type: string): Promise<void> {
  return new Promise((resolve) => {
    onTold = () => {
      if (told.some((each) => each.type === type)) resolve()
    }
    onTold()
  })
}

test('two schedulers catch up with a missed week once, tell of it, and a timer finds nothing left to do', async () => {
  const database = await openDatabase({ home, onNote: () => undefined })
  await new PostgresScheduleStore(database).declare('weekly', cron, Date.now() - 3 * week)
  const { port } = server.address() as AddressInfo
  const env = { BULLPEN_WEBHOOKS: `http://127.0.0.1:${port}/hook`, BULLPEN_WEBHOOK_SECRET: secret }
  const schedule = ['schedule', '--cron', cron, '--metrics-port', '0', ...weekly]
  const schedulers = [startBullpen(schedule, home, env), startBullpen(schedule, home, env)]
  try {
    await heard('run.finished')
    await Promise.all(schedulers.map(({ saw }) => saw(/what was due at \S+ ended with status 0/)))
    const address = /metrics: (\S+)/.exec(schedulers[0]!.stderr())![1]!
    const metrics = await (await fetch(address)).text()
    expect(metrics).toContain('bullpen_schedule_overdue_seconds{schedule="weekly"} 0')
    expect(metrics).toMatch(/bullpen_schedule_missed\{schedule="weekly"\} 2/)
    expect(metrics).toMatch(/bullpen_schedule_last_success_timestamp_seconds\{schedule="weekly"\} \d/)
  } finally {
    for (const { child } of schedulers) child.kill('SIGTERM')
  }
  for (const { done } of schedulers) expect((await done).status).toBe(0)
  expect(schedulers.map(({ stderr }) => stderr()).join('\n')).not.toContain(secret)

  const timer = await bullpen(['weekly', '--scheduled', 'latest', '--cron', cron, ...weekly, '--json'], home, env)
  expect(documentOf<{ ran: boolean }>(timer)).toMatchObject({ ran: false, why: 'it is done' })
  expect(documentOf<unknown[]>(await bullpen(['runs', 'list', '--json'], home))).toHaveLength(1)
  const runs = await new PostgresScheduleStore(database).runs('weekly', 9)
  await database.close()
  expect(runs.map(({ state }) => state)).toEqual(['done', 'missed', 'missed'])
  const types = told.map(({ type }) => type).sort()
  const missed = types.filter((type) => type === 'schedule.missed')
  // Each week without a run, and this one when it is later than a quarter of an hour.
  expect(missed.length - Number(Date.now() - runs[0]!.due > 900_000)).toBe(2)
  expect(types.filter((type) => type !== 'schedule.missed')).toEqual(['model.promoted', 'run.finished', 'run.started'])
}, 300_000)
